package dev.formwork.store.json;

import dev.formwork.model.MachineId;
import dev.formwork.model.RunId;
import dev.formwork.workflow.machine.Pooled;
import dev.formwork.workflow.pool.Pool;

import tools.jackson.databind.node.ObjectNode;

import java.util.Optional;

/// The document of a pool, and what a machine's document says of its part in one.
public final class PoolJson {
    private PoolJson() {}

    public static String write(Pool pool) {
        ObjectNode json = StoreJson.document();
        json.put("yaml", pool.yaml());
        json.set("made", Fields.textsOf(pool.made().stream().map(MachineId::value).toList()));
        return StoreJson.write(json);
    }

    public static Pool read(String text) {
        Fields json = StoreJson.read(text, "a pool");
        return Pool.of(json.text("yaml"), json.sorted("made", MachineId::new));
    }

    static void write(Pooled part, ObjectNode json) {
        json.put("pool", part.pool());
        json.put("made", part.made());
        json.put("name", part.name());
        json.put("phase", part.phase().name());
        json.put("reason", part.reason());
        part.cleaner().ifPresent(run -> json.put("cleaner", run.value()));
        json.put("off", part.off());
        part.reserved()
                .ifPresent(reserved -> {
                    ObjectNode inner = json.putObject("reserved");
                    inner.put("cluster", reserved.cluster());
                    reserved.until().ifPresent(until -> inner.put("until", until.toString()));
                });
    }

    static Pooled read(Fields json) {
        return new Pooled(
                json.text("pool"),
                json.flag("made"),
                json.text("name"),
                json.constant("phase", Pooled.Phase.class),
                json.text("reason"),
                json.maybeText("cleaner").map(RunId::new),
                json.flag("off"),
                json.has("reserved")
                        ? Optional.of(reservation(json.object("reserved")))
                        : Optional.empty());
    }

    private static Pooled.Reservation reservation(Fields json) {
        return new Pooled.Reservation(json.text("cluster"), json.maybeInstant("until"));
    }
}
