package dev.formwork.store.json;

import dev.formwork.model.JobId;
import dev.formwork.model.MachineId;
import dev.formwork.model.RunId;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.Script;
import dev.formwork.model.value.Value;
import dev.formwork.store.secret.SecretSealer;
import dev.formwork.workflow.cluster.Cluster;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.MachineParams;
import dev.formwork.workflow.machine.NetworkBoot;
import dev.formwork.workflow.result.Fingerprint;
import dev.formwork.workflow.run.JobRecord;

import tools.jackson.databind.node.ObjectNode;

import java.time.Duration;
import java.util.Optional;

/// The documents of machines, clusters, results, jobs and events; plans have [PlanJson].
/// Thread-safe.
public final class Records {
    private final SealedValues values;

    public Records(SecretSealer sealer) {
        this.values = new SealedValues(sealer);
    }

    public String write(Machine machine) {
        ObjectNode json = StoreJson.document();
        json.put("id", machine.id().value());
        json.put("name", machine.name());
        machine.placement()
                .ifPresent(placement ->
                        json.putObject("placement")
                                .put("cluster", placement.cluster())
                                .put("group", placement.group())
                                .put("ordinal", placement.ordinal())
                                .put("standing", placement.standing()));
        machine.provider().ifPresent(provider -> json.put("provider", provider));
        machine.instance().ifPresent(instance -> json.put("instance", instance));
        json.put("state", machine.state().name());
        json.put("incarnation", machine.incarnation());
        machine.address().ifPresent(address -> json.put("address", address));
        json.set("facts", values.write(machine.facts(), place(machine.id())));
        machine.bootId().ifPresent(boot -> json.put("boot", boot));
        machine.credentialHash().ifPresent(hash -> json.put("credential_hash", hash));
        machine.bootTokenHash().ifPresent(hash -> json.put("boot_token_hash", hash));
        machine.lastSeen().ifPresent(at -> json.put("last_seen", at.toString()));
        machine.home().ifPresent(home -> json.put("home", home));
        if (!machine.params().equals(MachineParams.NONE)) {
            json.set("params", values.write(machine.params().values(), params(machine.id())));
            json.set("profiles", Fields.textsOf(machine.params().profiles()));
        }
        if (!machine.boot().equals(NetworkBoot.NONE)) {
            NetworkBootJson.write(machine.boot(), json.putObject("network_boot"));
        }
        machine.pooled().ifPresent(part -> PoolJson.write(part, json.putObject("pooled")));
        machine.origin()
                .ifPresent(origin -> {
                    ObjectNode asked = json.putObject("origin");
                    asked.set("machine", values.write(origin.machine(), origin(machine.id())));
                    asked.put("place", origin.place());
                });
        return StoreJson.write(json);
    }

    public Machine machine(String text) {
        Fields json = StoreJson.read(text, "a machine");
        MachineId id = new MachineId(json.text("id"));
        return new Machine(
                id,
                json.text("name"),
                json.maybeObject("placement")
                        .map(placement ->
                                new Machine.Placement(
                                        placement.text("cluster"),
                                        placement.text("group"),
                                        placement.number("ordinal"),
                                        placement.flag("standing"))),
                json.maybeText("provider"),
                json.maybeText("instance"),
                json.constant("state", Machine.State.class),
                json.number("incarnation"),
                json.maybeText("address"),
                values.readStruct(json.required("facts"), place(id)),
                json.maybeText("boot"),
                json.maybeText("credential_hash"),
                json.maybeText("boot_token_hash"),
                json.maybeInstant("last_seen"),
                json.has("params")
                        ? new MachineParams(
                                values.readStruct(json.required("params"), params(id)),
                                json.list("profiles", profile -> profile))
                        : MachineParams.NONE,
                json.maybeText("home"),
                json.maybeObject("network_boot")
                        .map(NetworkBootJson::read)
                        .orElse(NetworkBoot.NONE),
                json.maybeObject("pooled").map(PoolJson::read),
                json.maybeObject("origin")
                        .map(origin ->
                                new Machine.Origin(
                                        values.readStruct(origin.required("machine"), origin(id)),
                                        origin.number("place"))));
    }

    public String write(Cluster cluster) {
        String place = "clusters/" + cluster.name();
        ObjectNode json = StoreJson.document();
        json.put("name", cluster.name());
        json.set("formed", Fields.textsOf(cluster.formed()));
        json.set("outputs", values.write(cluster.outputs(), place + "/outputs"));
        json.put("source", values.seal(cluster.source(), place + "/source"));
        return StoreJson.write(json);
    }

    public Cluster cluster(String text) {
        Fields json = StoreJson.read(text, "a cluster");
        String name = json.text("name");
        String place = "clusters/" + name;
        return new Cluster(
                name,
                json.sorted("formed", group -> group),
                values.readStruct(json.required("outputs"), place + "/outputs"),
                values.open(json.text("source"), place + "/source"));
    }

    public String write(StepResult result) {
        String place = "results/" + result.cluster() + "/" + result.key();
        ObjectNode json = StoreJson.document();
        json.put("cluster", result.cluster());
        json.put("key", result.key().toString());
        json.put("incarnation", result.incarnation());
        json.set("fingerprint", write(result.fingerprint()));
        json.set("module", write(result.module()));
        json.set("inputs", values.write(result.inputs(), place + "/inputs"));
        json.set("outputs", values.write(result.outputs(), place + "/outputs"));
        json.set("after", Fields.textsOf(result.after()));
        json.put("event", result.event());
        json.put("tainted", result.tainted());
        json.put("run", result.run().value());
        return StoreJson.write(json);
    }

    public StepResult result(String text) {
        Fields json = StoreJson.read(text, "a result");
        String cluster = json.text("cluster");
        NodeKey key = NodeKey.parse(json.text("key"));
        String place = "results/" + cluster + "/" + key;
        return new StepResult(
                cluster,
                key,
                json.text("incarnation"),
                fingerprint(json.object("fingerprint")),
                lock(json.object("module")),
                values.readStruct(json.required("inputs"), place + "/inputs"),
                values.readStruct(json.required("outputs"), place + "/outputs"),
                json.sorted("after", NodeKey::parse),
                json.flag("event"),
                json.flag("tainted"),
                new RunId(json.text("run")));
    }

    /// The digest of the module that a result is of, without the rest.
    public String moduleOf(String result) {
        Fields json = StoreJson.read(result, "a result");
        return json.object("module").text("digest");
    }

    public String write(JobRecord job) {
        ObjectNode json = StoreJson.document();
        json.put("id", job.id().value());
        json.put("run", job.run().value());
        json.put("cluster", job.cluster());
        json.put("key", job.key().toString());
        json.put("machine", job.machine().value());
        json.put("token", job.token());
        json.put("attempt", job.attempt());
        json.put("phase", job.phase());
        json.put("mode", job.mode().name());
        json.set("module", write(job.module()));
        json.put("runner", job.runner());
        job.script().ifPresent(script -> json.set("script", write(script)));
        job.check().ifPresent(script -> json.set("check", write(script)));
        json.set("inputs", values.write(job.inputs(), place(job.id())));
        json.put("timeout", job.timeout().toString());
        json.put("state", job.state().name());
        json.put("created_at", job.createdAt().toString());
        job.startedAt().ifPresent(at -> json.put("started_at", at.toString()));
        return StoreJson.write(json);
    }

    public JobRecord job(String text) {
        Fields json = StoreJson.read(text, "a job");
        JobId id = new JobId(json.text("id"));
        return new JobRecord(
                id,
                new RunId(json.text("run")),
                json.text("cluster"),
                NodeKey.parse(json.text("key")),
                new MachineId(json.text("machine")),
                json.bigNumber("token"),
                json.number("attempt"),
                json.number("phase"),
                json.constant("mode", JobRecord.Mode.class),
                lock(json.object("module")),
                json.text("runner"),
                json.maybeObject("script").map(Records::script),
                json.maybeObject("check").map(Records::script),
                values.readStruct(json.required("inputs"), place(id)),
                Duration.parse(json.text("timeout")),
                json.constant("state", JobRecord.State.class),
                json.instant("created_at"),
                json.maybeInstant("started_at"));
    }

    /// An event's data, which holds no secret; one that does is sealed all the same.
    public String writeData(Value.Struct data) {
        return StoreJson.write(values.write(data, "events"));
    }

    public Value.Struct data(String text) {
        return values.readStruct(StoreJson.readAny(text, "an event"), "events");
    }

    static ObjectNode write(Fingerprint fingerprint) {
        ObjectNode json = StoreJson.object().put("code", fingerprint.code());
        json.set("inputs", Fields.textsOf(fingerprint.inputs()));
        return json;
    }

    static Fingerprint fingerprint(Fields json) {
        return new Fingerprint(json.text("code"), json.texts("inputs"));
    }

    static ObjectNode write(LoadedModule.Lock lock) {
        return StoreJson.object()
                .put("name", lock.name())
                .put("version", lock.version())
                .put("digest", lock.digest());
    }

    static LoadedModule.Lock lock(Fields json) {
        return new LoadedModule.Lock(json.text("name"), json.text("version"), json.text("digest"));
    }

    private static ObjectNode write(Script script) {
        return switch (script) {
            case Script.FromFile(String path) -> StoreJson.object().put("file", path);
            case Script.Inline(String text) -> StoreJson.object().put("inline", text);
        };
    }

    private static Script script(Fields json) {
        Optional<String> path = json.maybeText("file");
        return path.isPresent()
                ? new Script.FromFile(path.get())
                : new Script.Inline(json.text("inline"));
    }

    private static String place(MachineId id) {
        return "machines/" + id + "/facts";
    }

    private static String origin(MachineId id) {
        return "machines/" + id + "/origin";
    }

    private static String params(MachineId id) {
        return "machines/" + id + "/params";
    }

    private static String place(JobId id) {
        return "jobs/" + id + "/inputs";
    }
}
