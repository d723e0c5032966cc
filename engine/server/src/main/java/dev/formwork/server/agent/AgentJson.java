package dev.formwork.server.agent;

import dev.formwork.agent.protocol.Cancel;
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
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.module.Script;
import dev.formwork.model.value.Value;
import dev.formwork.model.value.ValueJson;
import dev.formwork.workflow.engine.Reply;
import dev.formwork.workflow.run.JobRecord;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToLongFunction;

/// Between the engine's types and the protocol's. Secrets leave the engine here and nowhere else:
/// in the inputs of a job that is handed to its machine.
final class AgentJson {
    private static final long OUTPUT_BYTES = 1L << 20;

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
    static Polled polled(Reply.Polled reply, ToLongFunction<JobRecord> logLength) {
        return new Polled(
                reply.jobs().stream()
                        .map(offer -> job(offer, logLength.applyAsLong(offer.job())))
                        .toList(),
                reply.cancel().stream()
                        .map(order ->
                                new Cancel(
                                        new JobId(order.job().value()),
                                        order.token(),
                                        order.grace().toSeconds()))
                        .toList());
    }

    private static Job job(Reply.Offer offer, long logLength) {
        JobRecord job = offer.job();
        Map<String, JsonNode> inputs = new LinkedHashMap<>();
        job.inputs().fields().forEach((name, value) -> inputs.put(name, revealed(value)));
        Map<String, JsonNode> outputs = new LinkedHashMap<>();
        offer.task()
                .outputs()
                .forEach((name, output) -> outputs.put(name, revealed(output.schema())));
        return new Job(
                new JobId(job.id().value()),
                job.token(),
                job.attempt(),
                job.phase(),
                mode(job.mode()),
                job.run().value(),
                job.cluster(),
                job.key().path(),
                job.key().item().orElse(null),
                new ModuleRef(
                        job.module().name(),
                        job.module().version(),
                        new ModuleDigest(job.module().digest())),
                job.runner(),
                script(job.script()),
                script(job.check()),
                inputs,
                job.inputs().fields().entrySet().stream()
                        .filter(input -> input.getValue().holdsSecret())
                        .map(Map.Entry::getKey)
                        .toList(),
                outputs,
                job.timeout().toSeconds(),
                offer.grace().toSeconds(),
                new JobLimits(offer.logBytes(), OUTPUT_BYTES),
                job.phase() == 1 ? 0 : logLength);
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
