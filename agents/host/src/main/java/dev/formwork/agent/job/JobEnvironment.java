package dev.formwork.agent.job;

import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.ProtocolJson;
import dev.formwork.agent.runner.Runners;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// What a script sees in its environment, as docs/agent-protocol.md lists it.
final class JobEnvironment {
    /// The kernel takes 128 KiB for one variable (MAX_ARG_STRLEN), name and `=` included.
    private static final int LARGEST_VALUE = 96 << 10;

    /// And much less than this for all of them where the stack is small.
    private static final int LARGEST_SUM = 512 << 10;

    private static final Set<String> AGENT_ONLY =
            Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "NOTIFY_SOCKET", "OLDPWD", "PWD");

    private final Map<String, String> variables = new LinkedHashMap<>();
    private int inputBytes;

    private JobEnvironment() {}

    /// @param agents the agent's own environment, of which scripts get what is not about the agent
    static Map<String, String> of(
            Map<String, String> agents,
            Job job,
            JobFolder folder,
            Path module,
            Machine machine,
            Path state,
            @Nullable Path cache) {
        JobEnvironment environment = new JobEnvironment();
        environment.set("PATH", Runners.DEFAULT_PATH);
        agents.forEach(environment::inherit);
        job.inputs().forEach(environment::input);
        environment.set("FORMWORK_INPUTS", folder.inputs());
        environment.set("FORMWORK_OUTPUTS", folder.outputs());
        environment.set("FORMWORK_REQUEST", folder.request());
        environment.set("FORMWORK_PHASE", job.phase());
        environment.set("FORMWORK_MODULE_DIR", module);
        environment.set("FORMWORK_STATE", state);
        environment.set("FORMWORK_CACHE", cache);
        environment.set("FORMWORK_MACHINE", job.machine() == null ? machine.name() : job.machine());
        environment.set("FORMWORK_MACHINE_ID", machine.id());
        environment.set("FORMWORK_ADDRESS", machine.address());
        environment.set("FORMWORK_CLUSTER", job.cluster());
        environment.set("FORMWORK_RUN", job.run());
        environment.set("FORMWORK_STEP", job.step());
        environment.set("FORMWORK_ITEM", job.item());
        environment.set("FORMWORK_JOB", job.id());
        environment.set("FORMWORK_ATTEMPT", job.attempt());
        return environment.variables;
    }

    /// What an input's variable is called.
    static String inputName(String input) {
        return "INPUT_" + input.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9_]", "_");
    }

    private void inherit(String name, String value) {
        if (!name.startsWith("FORMWORK_")
                && !name.startsWith("INPUT_")
                && !AGENT_ONLY.contains(name)) {
            variables.put(name, value);
        }
    }

    /// What the kernel would refuse reaches the script in the file only.
    private void input(String input, JsonNode value) {
        String text =
                value.isString()
                        ? value.stringValue()
                        : new String(ProtocolJson.write(value), StandardCharsets.UTF_8);
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (text.indexOf('\0') < 0 && bytes <= LARGEST_VALUE && inputBytes + bytes <= LARGEST_SUM) {
            inputBytes += bytes;
            variables.put(inputName(input), text);
        }
    }

    private void set(String name, @Nullable Object value) {
        if (value != null) {
            variables.put(name, value.toString());
        }
    }
}
