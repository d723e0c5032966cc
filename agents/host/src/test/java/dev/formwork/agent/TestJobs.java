package dev.formwork.agent;

import dev.formwork.agent.protocol.AnsibleSpec;
import dev.formwork.agent.protocol.ContainerSpec;
import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.JobId;
import dev.formwork.agent.protocol.JobLimits;
import dev.formwork.agent.protocol.JobMode;
import dev.formwork.agent.protocol.ModuleBundle;
import dev.formwork.agent.protocol.ModuleDigest;
import dev.formwork.agent.protocol.ModuleRef;
import dev.formwork.agent.protocol.ProtocolJson;
import dev.formwork.agent.protocol.ScriptRef;
import dev.formwork.agent.protocol.TerraformSpec;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Makes jobs for tests: an inline shell script, unless told otherwise.
public final class TestJobs {
    static final ModuleBundle EMPTY_MODULE =
            ModuleBundle.of(Map.of("module.yaml", "kind: Task\n".getBytes(StandardCharsets.UTF_8)));

    private final String id;
    private long token = 1;
    private JobMode mode = JobMode.RUN;
    private String runner = "shell";
    private @Nullable ContainerSpec container;
    private @Nullable AnsibleSpec ansible;
    private @Nullable TerraformSpec terraform;
    private String step;
    private @Nullable ScriptRef script;
    private @Nullable ScriptRef check;
    private ModuleDigest module = EMPTY_MODULE.digest();
    private final Map<String, JsonNode> inputs = new LinkedHashMap<>();
    private final List<String> secrets = new ArrayList<>();
    private final Map<String, JsonNode> outputs = new LinkedHashMap<>();
    private long timeout;
    private long grace = 5;
    private long logBytes = 16 << 20;
    private long outputBytes = 1 << 20;

    private TestJobs(String id) {
        this.id = id;
        this.step = "step-" + id;
    }

    public static TestJobs shell(String id, String script) {
        TestJobs job = new TestJobs(id);
        job.script = new ScriptRef.Inline(script);
        return job;
    }

    public TestJobs token(long value) {
        token = value;
        return this;
    }

    public TestJobs mode(JobMode value) {
        mode = value;
        return this;
    }

    public TestJobs runner(String value) {
        runner = value;
        return this;
    }

    public TestJobs container(ContainerSpec value) {
        runner = "container";
        container = value;
        return this;
    }

    public TestJobs ansible(AnsibleSpec value) {
        runner = "ansible";
        ansible = value;
        return this;
    }

    public TestJobs terraform(TerraformSpec value) {
        runner = "terraform";
        terraform = value;
        return this;
    }

    /// A script, beside the module that [#file] says.
    public TestJobs inline(String text) {
        script = new ScriptRef.Inline(text);
        return this;
    }

    /// What [#file] says is the check too.
    public TestJobs checksItself() {
        check = script;
        return this;
    }

    public TestJobs step(String value) {
        step = value;
        return this;
    }

    public TestJobs check(String value) {
        check = new ScriptRef.Inline(value);
        return this;
    }

    public TestJobs file(ModuleDigest digest, String path) {
        module = digest;
        script = new ScriptRef.FromFile(path);
        return this;
    }

    public TestJobs input(String name, String json) {
        inputs.put(name, json(json));
        return this;
    }

    public TestJobs secret(String name, String value) {
        inputs.put(name, ProtocolJson.string(value));
        secrets.add(name);
        return this;
    }

    public TestJobs secretJson(String name, String json) {
        inputs.put(name, json(json));
        secrets.add(name);
        return this;
    }

    public TestJobs output(String name, String type) {
        outputs.put(name, json("{\"type\": \"" + type + "\"}"));
        return this;
    }

    public TestJobs timeout(long seconds) {
        timeout = seconds;
        return this;
    }

    public TestJobs grace(long seconds) {
        grace = seconds;
        return this;
    }

    public TestJobs logBytes(long value) {
        logBytes = value;
        return this;
    }

    public TestJobs outputBytes(long value) {
        outputBytes = value;
        return this;
    }

    public Job job() {
        return new Job(
                new JobId(id),
                token,
                1,
                1,
                mode,
                "r-1",
                "demo",
                step,
                null,
                new ModuleRef("test/module", "1.0.0", module),
                runner,
                container,
                ansible,
                terraform,
                script,
                check,
                inputs,
                secrets,
                outputs,
                timeout,
                grace,
                new JobLimits(logBytes, outputBytes),
                0L,
                null);
    }

    public static JsonNode json(String text) {
        return ProtocolJson.readTree(text.getBytes(StandardCharsets.UTF_8));
    }
}
