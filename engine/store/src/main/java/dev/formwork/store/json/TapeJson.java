package dev.formwork.store.json;

import dev.formwork.model.MachineId;
import dev.formwork.model.RunId;
import dev.formwork.model.value.Value;
import dev.formwork.store.secret.SecretSealer;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.run.Epoch;
import dev.formwork.workflow.tape.TapeEntry;
import dev.formwork.workflow.tape.Told;

import tools.jackson.databind.node.ObjectNode;

import java.util.List;
import java.util.Optional;

/// Tapes of runs, an entry a line. What agents and people said a step gave is sealed as a whole:
/// nobody has said yet which of it is secret. Thread-safe.
public final class TapeJson {
    private final SealedValues values;
    private final Records records;

    public TapeJson(SecretSealer sealer) {
        this.values = new SealedValues(sealer);
        this.records = new Records(sealer);
    }

    /// Without a line break.
    public String write(RunId run, TapeEntry entry) {
        ObjectNode json = StoreJson.object();
        json.put("at", entry.at().toString());
        if (entry.waits()) {
            json.put("waits", true);
        }
        if (!entry.named().isEmpty()) {
            json.set("named", Fields.textsOf(entry.named()));
        }
        json.put("told", kind(entry.told()));
        if (entry.told() instanceof Told.OfNode about) {
            json.put("node", about.node().toString());
        }
        write(run, entry.told(), json);
        return StoreJson.write(json);
    }

    private void write(RunId run, Told told, ObjectNode json) {
        switch (told) {
            case Told.Anew(var epoch) -> json.put("epoch", epoch.number());
            case Told.Found(var machine) -> json.put("machine", records.write(machine));
            case Told.Lacks(var machine) -> json.put("machine", machine.value());
            case Told.Reported report -> {
                json.put("outcome", report.outcome());
                seal(run, report.outputs(), json);
                report.exitCode().ifPresent(code -> json.put("exit", code));
                report.code().ifPresent(code -> json.put("code", code));
                report.detail().ifPresent(detail -> json.put("detail", detail));
            }
            case Told.Refused(_, String code, String detail, boolean retryable) ->
                    json.put("code", code).put("detail", detail).put("retryable", retryable);
            case Told.Cancelled(boolean now, String by) -> json.put("now", now).put("by", by);
            case Told.Paused(String reason, String by) -> json.put("reason", reason).put("by", by);
            case Told.Resumed(String by) -> json.put("by", by);
            case Told.Skipped(_, String reason, String by) ->
                    json.put("reason", reason).put("by", by);
            case Told.Retried(var nodes, String by) ->
                    json.put("by", by).set("nodes", Fields.textsOf(nodes));
            case Told.Resolved(_, boolean happened, var outputs, String by) -> {
                json.put("happened", happened).put("by", by);
                seal(run, outputs, json);
            }
            case Told.Approved(_, String by) -> json.put("by", by);
            case Told.Tainted(_, String by) -> json.put("by", by);
            case Told.Began _,
                    Told.Recovered _,
                    Told.Granted _,
                    Told.RunOverdue _,
                    Told.HandedOut _,
                    Told.Started _,
                    Told.Rebooted _,
                    Told.Lost _,
                    Told.Overdue _,
                    Told.Woken _,
                    Told.GoneUnder _,
                    Told.Gone _,
                    Told.Booted _,
                    Told.Allocated _,
                    Told.Made _,
                    Told.Unmade _ -> {}
        }
    }

    private void seal(RunId run, Value.Struct outputs, ObjectNode json) {
        if (!outputs.fields().isEmpty()) {
            String place = place(run);
            json.put("outputs", values.seal(StoreJson.write(values.write(outputs, place)), place));
        }
    }

    private Value.Struct outputs(RunId run, Fields json) {
        String place = place(run);
        return json.maybeText("outputs")
                .map(sealed -> StoreJson.readAny(values.open(sealed, place), place))
                .map(plain -> values.readStruct(plain, place))
                .orElse(Value.Struct.EMPTY);
    }

    /// @throws dev.formwork.model.ProblemException `store.damaged`, or what keeps a part of it from
    ///   being opened
    public TapeEntry read(RunId run, String line) {
        String place = place(run);
        Fields json = new Fields(StoreJson.readAny(line, place), place);
        return new TapeEntry(
                json.instant("at"),
                told(run, json),
                json.has("waits"),
                json.has("named") ? json.list("named", id -> id) : List.of());
    }

    private Told told(RunId run, Fields json) {
        String kind = json.text("told");
        return switch (kind) {
            case "anew" -> new Told.Anew(new Epoch(json.bigNumber("epoch")));
            case "found" -> new Told.Found(records.machine(json.text("machine")));
            case "lacks" -> new Told.Lacks(new MachineId(json.text("machine")));
            case "began" -> new Told.Began();
            case "recovered" -> new Told.Recovered();
            case "granted" -> new Told.Granted();
            case "run-overdue" -> new Told.RunOverdue();
            case "cancelled" -> new Told.Cancelled(json.flag("now"), json.text("by"));
            case "paused" -> new Told.Paused(json.text("reason"), json.text("by"));
            case "resumed" -> new Told.Resumed(json.text("by"));
            case "retried" -> new Told.Retried(json.list("nodes", NodeKey::parse), json.text("by"));
            default -> ofNode(run, kind, NodeKey.parse(json.text("node")), json);
        };
    }

    private Told.OfNode ofNode(RunId run, String kind, NodeKey node, Fields json) {
        return switch (kind) {
            case "handed-out" -> new Told.HandedOut(node);
            case "started" -> new Told.Started(node);
            case "rebooted" -> new Told.Rebooted(node);
            case "reported" ->
                    new Told.Reported(
                            node,
                            json.text("outcome"),
                            outputs(run, json),
                            json.has("exit") ? Optional.of(json.number("exit")) : Optional.empty(),
                            json.maybeText("code"),
                            json.maybeText("detail"));
            case "lost" -> new Told.Lost(node);
            case "overdue" -> new Told.Overdue(node);
            case "woken" -> new Told.Woken(node);
            case "gone-under" -> new Told.GoneUnder(node);
            case "gone" -> new Told.Gone(node);
            case "booted" -> new Told.Booted(node);
            case "allocated" -> new Told.Allocated(node);
            case "made" -> new Told.Made(node);
            case "unmade" -> new Told.Unmade(node);
            case "refused" ->
                    new Told.Refused(
                            node, json.text("code"), json.text("detail"), json.flag("retryable"));
            case "skipped" -> new Told.Skipped(node, json.text("reason"), json.text("by"));
            case "resolved" ->
                    new Told.Resolved(
                            node, json.flag("happened"), outputs(run, json), json.text("by"));
            case "approved" -> new Told.Approved(node, json.text("by"));
            case "tainted" -> new Told.Tainted(node, json.text("by"));
            default -> throw StoreJson.damaged(place(run), "it says `" + kind + "`");
        };
    }

    private static String kind(Told told) {
        return switch (told) {
            case Told.Anew _ -> "anew";
            case Told.Found _ -> "found";
            case Told.Lacks _ -> "lacks";
            case Told.Began _ -> "began";
            case Told.Recovered _ -> "recovered";
            case Told.Granted _ -> "granted";
            case Told.RunOverdue _ -> "run-overdue";
            case Told.Cancelled _ -> "cancelled";
            case Told.Paused _ -> "paused";
            case Told.Resumed _ -> "resumed";
            case Told.Retried _ -> "retried";
            case Told.HandedOut _ -> "handed-out";
            case Told.Started _ -> "started";
            case Told.Rebooted _ -> "rebooted";
            case Told.Reported _ -> "reported";
            case Told.Lost _ -> "lost";
            case Told.Overdue _ -> "overdue";
            case Told.Woken _ -> "woken";
            case Told.GoneUnder _ -> "gone-under";
            case Told.Gone _ -> "gone";
            case Told.Booted _ -> "booted";
            case Told.Allocated _ -> "allocated";
            case Told.Made _ -> "made";
            case Told.Unmade _ -> "unmade";
            case Told.Refused _ -> "refused";
            case Told.Skipped _ -> "skipped";
            case Told.Resolved _ -> "resolved";
            case Told.Approved _ -> "approved";
            case Told.Tainted _ -> "tainted";
        };
    }

    private static String place(RunId run) {
        return "tapes/" + run;
    }
}
