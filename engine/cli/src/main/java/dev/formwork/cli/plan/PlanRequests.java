package dev.formwork.cli.plan;

import dev.formwork.cli.session.Session;
import dev.formwork.model.value.Value;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the engine is asked for: `PlanRequest` of the API.
public final class PlanRequests {
    private PlanRequests() {}

    public static Value.Struct apply(ClusterFile file, List<String> packs, boolean refresh) {
        return Session.struct(
                "kind", Value.of("apply"),
                "packs", texts(packs),
                "refresh", Value.of(refresh),
                "cluster_yaml", Value.of(file.text()),
                "cluster_file", Value.of(file.name()));
    }

    public static Value.Struct destroy(String cluster, boolean refresh) {
        return Session.struct(
                "kind", Value.of("destroy"),
                "refresh", Value.of(refresh),
                "cluster", Value.of(cluster));
    }

    /// @param where CEL, in place of names
    public static Value.Struct module(
            String module,
            List<String> packs,
            List<String> machines,
            Optional<String> where,
            Map<String, Value> with) {
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put("kind", Value.of("module"));
        fields.put("packs", texts(packs));
        fields.put("module", Value.of(module));
        if (!machines.isEmpty()) {
            fields.put("machines", texts(machines));
        }
        where.ifPresent(cel -> fields.put("where", Value.of(cel)));
        if (!with.isEmpty()) {
            fields.put("with", Value.of(with));
        }
        return Value.of(fields);
    }

    private static Value texts(List<String> texts) {
        return Value.of(texts.stream().map(Value::of).toList());
    }
}
