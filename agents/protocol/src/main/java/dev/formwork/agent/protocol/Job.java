package dev.formwork.agent.protocol;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// One attempt at a step, handed to an agent under a lease. Prints without its inputs.
///
/// @param token fences: it rises with every attempt
/// @param attempt counts from 1, for people
/// @param phase 1, then one more after each reboot that the script asked for
/// @param run the run it belongs to
/// @param cluster null for a run that belongs to no cluster
/// @param step path of the step in its workflow
/// @param item the item of a `for_each` step
/// @param runner names the runner that executes the scripts, such as `shell`
/// @param container present where `runner` is `container`
/// @param ansible present where `runner` is `ansible`
/// @param terraform present where `runner` is `terraform`
/// @param script null only where `mode` is [JobMode#CHECK]
/// @param check present where `mode` checks
/// @param inputs values by name; every one reaches the script
/// @param secrets names of the inputs that must not be seen in the log
/// @param outputs JSON Schema by name of the output; `{"type": "string"}` is read as raw text
/// @param timeoutSeconds 0 for no limit
/// @param graceSeconds between TERM and KILL
/// @param logOffset where this phase's log begins: the bytes that earlier phases have filled; an
///   engine that does not say means 0
/// @param machine what the machine is called in this job: one of a pool bears another name with
///   each cluster that has it; null of an engine that does not say means the name it registered
///   under
public record Job(
        JobId id,
        long token,
        int attempt,
        int phase,
        JobMode mode,
        String run,
        @Nullable String cluster,
        String step,
        @Nullable String item,
        ModuleRef module,
        String runner,
        @Nullable ContainerSpec container,
        @Nullable AnsibleSpec ansible,
        @Nullable TerraformSpec terraform,
        @Nullable ScriptRef script,
        @Nullable ScriptRef check,
        Map<String, JsonNode> inputs,
        List<String> secrets,
        Map<String, JsonNode> outputs,
        long timeoutSeconds,
        long graceSeconds,
        JobLimits limits,
        Long logOffset,
        @Nullable String machine) {
    public Job {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(run, "run");
        Objects.requireNonNull(step, "step");
        Objects.requireNonNull(module, "module");
        Objects.requireNonNull(runner, "runner");
        Objects.requireNonNull(limits, "limits");
        inputs = ordered(inputs);
        secrets = secrets == null ? List.of() : List.copyOf(secrets);
        outputs = ordered(outputs);
        logOffset = logOffset == null ? 0L : logOffset;
        if (token < 0 || attempt < 1 || phase < 1 || logOffset < 0) {
            throw new IllegalArgumentException("token, attempt, phase or logOffset is too small");
        }
        if (timeoutSeconds < 0 || graceSeconds < 0) {
            throw new IllegalArgumentException("a time is negative");
        }
        if (script == null && mode != JobMode.CHECK) {
            throw new IllegalArgumentException("script is missing");
        }
        if (check == null && mode.checks()) {
            throw new IllegalArgumentException("check is missing");
        }
        outputs.keySet().forEach(Job::requireFileName);
    }

    /// The same job in its next phase.
    public Job nextPhase(long nextLogOffset) {
        return changed(phase + 1, nextLogOffset, machine);
    }

    /// The same job on a machine of that name.
    public Job on(String name) {
        return changed(phase, logOffset, name);
    }

    private Job changed(int inPhase, long fromOffset, @Nullable String onMachine) {
        return new Job(
                id,
                token,
                attempt,
                inPhase,
                mode,
                run,
                cluster,
                step,
                item,
                module,
                runner,
                container,
                ansible,
                terraform,
                script,
                check,
                inputs,
                secrets,
                outputs,
                timeoutSeconds,
                graceSeconds,
                limits,
                fromOffset,
                onMachine);
    }

    @Override
    public String toString() {
        return "Job[" + id + ", token " + token + ", phase " + phase + ", " + step + "]";
    }

    private static void requireFileName(String output) {
        if (!BundlePath.isSafe(output) || output.contains("/")) {
            throw new IllegalArgumentException("an output's name can't be a file's");
        }
    }

    private static Map<String, JsonNode> ordered(@Nullable Map<String, JsonNode> values) {
        return values == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }
}
