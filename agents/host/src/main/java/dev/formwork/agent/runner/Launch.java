package dev.formwork.agent.runner;

import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.ProtocolJson;

import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// One script that is about to be executed.
///
/// @param job that it belongs to
/// @param check whether it is to find out, and to change nothing: its exit code is 0 where all is
///   as wanted, 1 where it is not, and anything else where that can't be said
/// @param script an existing file, which need not be executable; a folder where the runner takes
///   those
/// @param module the folder of its module; the script may be in it
/// @param work the job's working directory
/// @param scratch a folder of this script's own, which may not be there yet; it goes with the job
/// @param environment what the script is to see, with the machine's paths
/// @param unwanted whether the job is to end before it has begun
public record Launch(
        Job job,
        boolean check,
        Path script,
        Path module,
        Path work,
        Path scratch,
        Map<String, String> environment,
        BooleanSupplier unwanted) {
    public Launch {
        environment = Map.copyOf(environment);
    }

    /// Where what executes the script may write, before it ends with another code than 0, why that
    /// is: a code of docs/errors.md in the first line, and below it what people are to read. Behind
    /// the code stands ` unknown` where nobody can know whether the script took effect.
    public Path reason() {
        return scratch.resolve(REASON);
    }

    /// The types that the job's outputs have by their schemas, as JSON: by name a type such as
    /// `string`, empty where the schema says none.
    public byte[] outputTypes() {
        ObjectNode types = JsonNodeFactory.instance.objectNode();
        job.outputs().forEach((name, schema) -> types.put(name, schema.path("type").asString("")));
        return ProtocolJson.write(types);
    }

    /// The name of [#reason()].
    public static final String REASON = "reason";
}
