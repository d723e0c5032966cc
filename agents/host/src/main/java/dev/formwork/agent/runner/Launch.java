package dev.formwork.agent.runner;

import dev.formwork.agent.protocol.ContainerSpec;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.Map;
import java.util.function.BooleanSupplier;

/// One script that is about to be executed.
///
/// @param script an existing file, which need not be executable
/// @param module the folder of its module; the script may be in it
/// @param work the job's working directory
/// @param scratch a folder of this script's own, which may not be there yet; it goes with the job
/// @param environment what the script is to see, with the machine's paths
/// @param container of the job, if it says any
/// @param unwanted whether the job is to end before it has begun
public record Launch(
        Path script,
        Path module,
        Path work,
        Path scratch,
        Map<String, String> environment,
        @Nullable ContainerSpec container,
        BooleanSupplier unwanted) {
    public Launch {
        environment = Map.copyOf(environment);
    }
}
