package dev.formwork.agent.terraform;

import dev.formwork.agent.disk.DurableFile;
import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.JobMode;
import dev.formwork.agent.protocol.ProtocolJson;
import dev.formwork.agent.protocol.TerraformSpec;
import dev.formwork.agent.runner.Launch;
import dev.formwork.agent.runner.OwnProgram;
import dev.formwork.agent.runner.Programs;
import dev.formwork.agent.runner.Runner;
import dev.formwork.agent.runner.RunnerException;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;

/// Applies a configuration with `terraform` or `tofu`: by a plan, which is also the check. Values
/// reach it in a file that only the agent's user reads, never on the command line.
public final class TerraformRunner implements Runner {
    /// A shell's own codes, and those of a Java that can't start, are no answer to a check.
    private static final String CHECK =
            "\"$@\"; case $? in 0) exit 0 ;; %d) exit 1 ;; *) exit 2 ;; esac"
                    .formatted(TerraformMain.DOES_NOT_HOLD);

    private static final TerraformSpec USUAL =
            new TerraformSpec("terraform", false, null, null, List.of(), List.of());

    /// What is no option, and no path.
    private static final Pattern WORKSPACE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,89}");

    private static final int LONGEST_NAME = 200;

    /// The plan of much is large, as JSON.
    private static final int HEAP = 512;

    @Override
    public String name() {
        return "terraform";
    }

    @Override
    public boolean takesFolders() {
        return true;
    }

    @Override
    public List<String> command(Launch launch) throws IOException, RunnerException {
        Job job = launch.job();
        TerraformSpec spec = job.terraform() == null ? USUAL : job.terraform();
        Programs.need(spec.binary(), "install it there, as its makers say");
        Path scratch = launch.scratch();
        DurableFile.createPrivateFolder(scratch);
        DurableFile.replace(
                scratch.resolve(TerraformMain.VARIABLES),
                ProtocolJson.write(variables(job, spec.workspace())));
        DurableFile.replace(
                scratch.resolve(TerraformMain.ORDER), ProtocolJson.write(order(launch, spec)));
        List<String> command = new ArrayList<>();
        if (launch.check()) {
            command.addAll(List.of("/bin/sh", "-c", CHECK, "formwork-terraform"));
        }
        command.addAll(OwnProgram.command(TerraformMain.class, HEAP, scratch.toString()));
        return List.copyOf(command);
    }

    /// All inputs but the one that is something else to Terraform.
    private static ObjectNode variables(Job job, @Nullable String workspace) {
        ObjectNode variables = JsonNodeFactory.instance.objectNode();
        job.inputs()
                .forEach((name, value) -> {
                    if (!name.equals(workspace)) {
                        variables.set(name, value);
                    }
                });
        return variables;
    }

    private static Order order(Launch launch, TerraformSpec spec) throws RunnerException {
        Job job = launch.job();
        Path state = Path.of(launch.environment().getOrDefault("FORMWORK_STATE", "."));
        Map<String, String> types = new LinkedHashMap<>();
        job.outputs().forEach((name, schema) -> types.put(name, schema.path("type").asString("")));
        String part = job.mode() == JobMode.UNDO ? Order.UNDO : Order.RUN;
        return new Order(
                launch.check() ? Order.CHECK : part,
                launch.module().toString(),
                launch.script().toString(),
                spec.binary(),
                workspace(job, spec.workspace()),
                home(state.resolve("terraform"), job, spec.state()).toString(),
                spec.backend(),
                state.resolve("terraform/.plugins").toString(),
                spec.targets(),
                types,
                spec.secretOutputs());
    }

    private static @Nullable String workspace(Job job, @Nullable String input)
            throws RunnerException {
        if (input == null) {
            return null;
        }
        JsonNode value = job.inputs().get(input);
        if (value == null
                || !value.isString()
                || !WORKSPACE.matcher(value.stringValue()).matches()) {
            throw new RunnerException(
                    "agent.job-invalid", "the input " + input + " is no name of a workspace");
        }
        return value.stringValue();
    }

    /// One for each cluster, and in it for each step and item: two that share a state would destroy
    /// what the other has made.
    private static Path home(Path states, Job job, @Nullable String state) {
        Path cluster = states.resolve(job.cluster() == null ? ".none" : name("", job.cluster()));
        Path home = cluster.resolve(state == null ? name("", job.step()) : state);
        return job.item() == null ? home : home.resolve(name("item-", job.item()));
    }

    /// A folder's name that is another for each text.
    private static String name(String kind, String text) {
        String name = URLEncoder.encode(text, StandardCharsets.UTF_8);
        return kind
                + (name.length() <= LONGEST_NAME
                        ? name
                        : "long-" + UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8)));
    }
}
