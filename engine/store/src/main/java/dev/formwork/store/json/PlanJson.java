package dev.formwork.store.json;

import dev.formwork.model.MachineId;
import dev.formwork.model.value.Value;
import dev.formwork.store.secret.SecretSealer;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.Pinned;
import dev.formwork.workflow.membership.Member;
import dev.formwork.workflow.placement.Placing;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.plan.PlannedNode;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/// A plan as compressed lines of JSON: the plan, then a line for each node, so that a plan over
/// 10,000 machines is never a tree of JSON in memory. Thread-safe.
public final class PlanJson {
    private final SealedValues values;

    public PlanJson(SecretSealer sealer) {
        this.values = new SealedValues(sealer);
    }

    /// @param digest names the plan: its secrets open under no other
    public void write(Plan plan, String digest, OutputStream to) {
        try (Writer lines =
                new OutputStreamWriter(new GZIPOutputStream(to, 8192), StandardCharsets.UTF_8)) {
            lines.write(StoreJson.write(head(plan, digest)));
            lines.write('\n');
            for (PlannedNode node : plan.nodes()) {
                lines.write(StoreJson.write(PlannedNodes.write(node)));
                lines.write('\n');
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public Plan read(String digest, InputStream from) {
        String place = place(digest);
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(new GZIPInputStream(from), StandardCharsets.UTF_8))) {
            String first = lines.readLine();
            if (first == null) {
                throw StoreJson.damaged(place, "it is empty");
            }
            Fields head = StoreJson.read(first, place);
            int count = head.number("nodes");
            List<PlannedNode> nodes = new ArrayList<>(count);
            PlannedNodes known = new PlannedNodes();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                nodes.add(known.read(new Fields(StoreJson.readAny(line, place), place)));
            }
            if (nodes.size() != count) {
                throw StoreJson.damaged(
                        place, "it has " + nodes.size() + " nodes and should have " + count);
            }
            return new Plan(
                    head.text("cluster"),
                    head.constant("kind", Plan.Kind.class),
                    source(head.object("source"), place),
                    head.objects("members").map(PlanJson::member).toList(),
                    nodes,
                    head.sorted("forget", NodeKey::parse),
                    head.maybeObject("placing")
                            .map(placing -> PlacingJson.read(placing, values, place))
                            .orElse(Placing.NONE));
        } catch (IOException e) {
            throw StoreJson.damaged(place, e.toString(), e);
        }
    }

    private ObjectNode head(Plan plan, String digest) {
        ObjectNode json = StoreJson.document();
        json.put("cluster", plan.cluster());
        json.put("kind", plan.kind().name());
        json.set("source", write(plan.source(), place(digest)));
        ArrayNode members = json.putArray("members");
        plan.members().forEach(member -> members.add(write(member)));
        json.put("nodes", plan.nodes().size());
        json.set("forget", Fields.textsOf(plan.forget()));
        if (!plan.placing().equals(Placing.NONE)) {
            json.set("placing", PlacingJson.write(plan.placing(), values, place(digest)));
        }
        return json;
    }

    private ObjectNode write(Plan.Source source, String place) {
        ObjectNode json = StoreJson.object();
        json.put("cluster", values.seal(source.clusterYaml(), place + "/cluster"));
        ArrayNode modules = json.putArray("modules");
        source.modules().forEach(lock -> modules.add(Records.write(lock)));
        json.set("profiles", Fields.textsOf(source.profiles()));
        Pinned pinned = source.pinned();
        json.set("outputs", write(pinned.clusterOutputs(), place + "/outputs"));
        json.set("defaults", write(pinned.defaults(), place + "/defaults"));
        json.set("machines", write(pinned.machines(), place + "/machines"));
        return json;
    }

    private ObjectNode write(SortedMap<String, ? extends Value> named, String place) {
        ObjectNode json = StoreJson.object();
        named.forEach((name, value) -> json.set(name, values.write(value, place + "/" + name)));
        return json;
    }

    private Plan.Source source(Fields json, String place) {
        SortedMap<String, Value.Struct> machines = new TreeMap<>();
        named(json, "machines", place)
                .forEach((name, value) -> {
                    if (value instanceof Value.Struct own) {
                        machines.put(name, own);
                    }
                });
        return new Plan.Source(
                values.open(json.text("cluster"), place + "/cluster"),
                json.objects("modules").map(Records::lock).toList(),
                json.texts("profiles"),
                new Pinned(
                        named(json, "outputs", place), named(json, "defaults", place), machines));
    }

    private SortedMap<String, Value> named(Fields json, String field, String place) {
        SortedMap<String, Value> named = new TreeMap<>();
        if (json.has(field)) {
            for (Map.Entry<String, JsonNode> entry : json.required(field).properties()) {
                String name = entry.getKey();
                named.put(name, values.read(entry.getValue(), place + "/" + field + "/" + name));
            }
        }
        return named;
    }

    private static ObjectNode write(Member member) {
        ObjectNode json = StoreJson.object();
        json.put("group", member.group());
        json.put("ordinal", member.ordinal());
        json.put("name", member.name());
        json.put("role", member.role().name());
        member.machine().ifPresent(machine -> json.put("machine", machine.value()));
        json.put("gone", member.gone());
        member.provider().ifPresent(provider -> json.put("provider", provider));
        member.pool().ifPresent(pool -> json.put("pool", pool));
        return json;
    }

    private static Member member(Fields json) {
        return new Member(
                json.text("group"),
                json.number("ordinal"),
                json.text("name"),
                json.constant("role", Member.Role.class),
                json.maybeText("machine").map(MachineId::new),
                json.flag("gone"),
                json.maybeText("provider"),
                json.maybeText("pool"));
    }

    private static String place(String digest) {
        return "plans/" + digest;
    }
}
