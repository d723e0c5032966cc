package dev.formwork.server.agent;

import dev.formwork.agent.protocol.AnsibleSpec;
import dev.formwork.agent.protocol.Cancel;
import dev.formwork.agent.protocol.ContainerSpec;
import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.JobId;
import dev.formwork.agent.protocol.JobLimits;
import dev.formwork.agent.protocol.JobMode;
import dev.formwork.agent.protocol.ModuleDigest;
import dev.formwork.agent.protocol.ModuleRef;
import dev.formwork.agent.protocol.Polled;
import dev.formwork.agent.protocol.ProtocolException;
import dev.formwork.agent.protocol.ProtocolJson;
import dev.formwork.agent.protocol.ScriptRef;
import dev.formwork.agent.protocol.TerraformSpec;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.OutputSpec;
import dev.formwork.model.module.Script;
import dev.formwork.model.module.Task;
import dev.formwork.model.value.Value;
import dev.formwork.model.value.ValueJson;
import dev.formwork.workflow.engine.Reply;
import dev.formwork.workflow.plan.Planner;
import dev.formwork.workflow.run.JobRecord;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/// Between the engine's types and the protocol's. Secrets leave the engine here and nowhere else:
/// in the inputs of a job that is handed to its machine.
final class AgentJson {
    private static final long OUTPUT_BYTES = 1L << 20;
    private static final long CHECK_TOKEN = 0;
    private static final long CHECK_LOG_BYTES = 64L << 10;
    private static final long CHECK_GRACE_SECONDS = 5;

    private AgentJson() {}

    /// @throws ProblemException `protocol.malformed`
    static <T> T read(Optional<byte[]> body, Class<T> type) {
        try {
            return ProtocolJson.read(body.orElse(new byte[0]), type);
        } catch (ProtocolException e) {
            throw new ProblemException(List.of(Problem.of(e.code(), e.detail(), e.hint())), e);
        }
    }

    /// A record of the protocol, or a part of one, as the value that it is in JSON.
    static Value.Struct struct(Object message) {
        return ValueJson.read(new String(ProtocolJson.write(message), StandardCharsets.UTF_8))
                        instanceof Value.Struct struct
                ? struct
                : Value.Struct.EMPTY;
    }

    /// @param logLength bytes that are stored of a job's log
    /// @param checks offered beside the core's jobs
    /// @param engines where they are
    static Polled polled(
            Reply.Polled reply,
            List<Job> checks,
            ToLongFunction<JobRecord> logLength,
            List<String> engines) {
        return new Polled(
                Stream.concat(
                                reply.jobs().stream()
                                        .map(offer ->
                                                job(offer, logLength.applyAsLong(offer.job()))),
                                checks.stream())
                        .toList(),
                reply.cancel().stream()
                        .map(order ->
                                new Cancel(
                                        new JobId(order.job().value()),
                                        order.token(),
                                        order.grace().toSeconds()))
                        .toList(),
                engines);
    }

    /// A check for a plan: read-only, with the inputs that its result was recorded with. Its token
    /// is below those of all attempts, so that it ends none and any of them ends it.
    ///
    /// @param longest no check may take longer
    static Job check(JobId id, String cluster, Planner.Check check, Duration longest) {
        Task task = (Task) check.module().module();
        Value.Struct inputs = check.result().inputs();
        Duration timeout = task.timeout().compareTo(longest) < 0 ? task.timeout() : longest;
        return new Job(
                id,
                CHECK_TOKEN,
                1,
                1,
                JobMode.CHECK,
                "plan",
                cluster,
                check.result().key().path(),
                check.result().key().item().orElse(null),
                module(check.result().module()),
                task.runner(),
                container(task),
                ansible(task),
                terraform(task),
                null,
                script(task.check()),
                revealed(inputs.fields()),
                secrets(inputs),
                schemas(task),
                timeout.toSeconds(),
                CHECK_GRACE_SECONDS,
                new JobLimits(CHECK_LOG_BYTES, OUTPUT_BYTES),
                0L,
                check.result().key().machine().orElse(null));
    }

    private static ModuleRef module(LoadedModule.Lock lock) {
        return new ModuleRef(lock.name(), lock.version(), new ModuleDigest(lock.digest()));
    }

    private static Map<String, JsonNode> schemas(Task task) {
        Map<String, JsonNode> outputs = new LinkedHashMap<>();
        task.outputs().forEach((name, output) -> outputs.put(name, revealed(output.schema())));
        return outputs;
    }

    private static Map<String, JsonNode> revealed(Map<String, Value> inputs) {
        Map<String, JsonNode> plain = new LinkedHashMap<>();
        inputs.forEach((name, value) -> plain.put(name, revealed(value)));
        return plain;
    }

    private static List<String> secrets(Value.Struct inputs) {
        return inputs.fields().entrySet().stream()
                .filter(input -> input.getValue().holdsSecret())
                .map(Map.Entry::getKey)
                .toList();
    }

    private static Job job(Reply.Offer offer, long logLength) {
        JobRecord job = offer.job();
        return new Job(
                new JobId(job.id().value()),
                job.token(),
                job.attempt(),
                job.phase(),
                mode(job.mode()),
                job.run().value(),
                job.cluster(),
                offer.step().path(),
                offer.step().item().orElse(null),
                module(job.module()),
                job.runner(),
                container(offer.task()),
                ansible(offer.task()),
                terraform(offer.task()),
                script(job.script()),
                script(job.check()),
                revealed(job.inputs().fields()),
                secrets(job.inputs()),
                schemas(offer.task()),
                job.timeout().toSeconds(),
                offer.grace().toSeconds(),
                new JobLimits(offer.logBytes(), OUTPUT_BYTES),
                job.phase() == 1 ? 0 : logLength,
                job.key().machine().orElse(null));
    }

    private static @Nullable ContainerSpec container(Task task) {
        return task.container()
                .map(each ->
                        new ContainerSpec(
                                each.image().orElse(null),
                                each.archive()
                                        .map(archive ->
                                                new ContainerSpec.Archive(
                                                        archive.url(), archive.sha256()))
                                        .orElse(null),
                                each.allowTags(),
                                each.command(),
                                each.network().word(),
                                each.mounts().stream()
                                        .map(mount ->
                                                new ContainerSpec.Mount(
                                                        mount.path(), mount.at(), mount.readOnly()))
                                        .toList()))
                .orElse(null);
    }

    private static @Nullable AnsibleSpec ansible(Task task) {
        return task.ansible()
                .map(each ->
                        new AnsibleSpec(
                                each.inventory().orElse(null),
                                each.groups(),
                                each.privateKey().orElse(null),
                                each.knownHosts().orElse(null),
                                each.vaultPassword().orElse(null),
                                each.tags(),
                                each.skipTags(),
                                each.diff()))
                .orElse(null);
    }

    private static @Nullable TerraformSpec terraform(Task task) {
        return task.terraform()
                .map(each ->
                        new TerraformSpec(
                                each.binary(),
                                each.backend(),
                                each.state().orElse(null),
                                each.workspace().orElse(null),
                                each.targets(),
                                task.outputs().values().stream()
                                        .filter(OutputSpec::secret)
                                        .map(OutputSpec::name)
                                        .toList()))
                .orElse(null);
    }

    private static JsonNode revealed(Value value) {
        String json = ValueJson.write(value, Value.Secret::revealed);
        return ProtocolJson.readTree(json.getBytes(StandardCharsets.UTF_8));
    }

    private static JobMode mode(JobRecord.Mode mode) {
        return switch (mode) {
            case RUN -> JobMode.RUN;
            case CHECK -> JobMode.CHECK;
            case CHECK_THEN_RUN -> JobMode.CHECK_THEN_RUN;
            case UNDO -> JobMode.UNDO;
        };
    }

    private static @Nullable ScriptRef script(Optional<Script> script) {
        return script.map(each ->
                        switch (each) {
                            case Script.FromFile(String path) ->
                                    (ScriptRef) new ScriptRef.FromFile(path);
                            case Script.Inline(String text) -> new ScriptRef.Inline(text);
                        })
                .orElse(null);
    }
}
