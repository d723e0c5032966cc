package dev.formwork.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.JobMode;
import dev.formwork.agent.protocol.ModuleBundle;
import dev.formwork.agent.protocol.ModuleDigest;
import dev.formwork.agent.protocol.Outcome;
import dev.formwork.agent.protocol.Report;
import dev.formwork.agent.protocol.TerraformSpec;
import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/// Configurations of Terraform's. Its program can't be had where this is tested: `stand-in.py`
/// speaks its JSON, by what HashiCorp documents of it.
final class RunsConfigurationsIT {
    private static final TerraformSpec USUAL =
            new TerraformSpec("terraform", false, null, null, List.of(), List.of());

    private static final String GREETING =
            """
            {"variable": {"who": {}, "path": {}, "password": {"default": "none"}},
             "resource": {"local_file": {"greeting": {"filename": "${var.path}", "content": "hello ${var.who}"}}},
             "output": {"path": {"value": "${local_file.greeting.filename}"},
                        "token": {"value": "${var.password}", "sensitive": true}}}
            """;

    private FakeEngine engine;
    private AgentProcess agent;
    private Path folder;
    private Path greeting;
    private Path calls;

    @BeforeEach
    void start(@TempDir Path temporary) throws IOException {
        Needs.programs("python3");
        folder = temporary;
        greeting = folder.resolve("greeting");
        calls = folder.resolve("calls");
        engine = FakeEngine.start();
        engine.add(TestJobs.EMPTY_MODULE);
        Path program = Files.createDirectories(folder.resolve("bin")).resolve("terraform");
        try (InputStream in =
                Objects.requireNonNull(
                        RunsConfigurationsIT.class.getResourceAsStream("terraform/stand-in.py"))) {
            Files.copy(in, program);
        }
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        agent = agent("usual").start();
    }

    private AgentProcess agent(String name) throws IOException {
        return new AgentProcess(folder.resolve(name), engine.url())
                .with("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"))
                .with("STAND_IN_CALLS", calls.toString())
                .with("TF_VAR_who", "somebody of this machine's");
    }

    @AfterEach
    void stop() throws IOException {
        agent.close();
        engine.close();
    }

    private void startAnother(AgentProcess other) throws IOException {
        agent.close();
        agent = other.start();
    }

    private Report run(Job job) {
        engine.offer(job);
        return engine.awaitReport(job);
    }

    private TestJobs configuration(String id, TerraformSpec spec, String json) {
        ModuleDigest module =
                engine.add(
                        ModuleBundle.of(
                                Map.of(
                                        "infra/main.tf.json",
                                        json.getBytes(StandardCharsets.UTF_8),
                                        "infra/a.auto.tfvars.json",
                                        "{\"who\": \"nobody\"}".getBytes(StandardCharsets.UTF_8))));
        return TestJobs.shell(id, "").terraform(spec).file(module, "infra").step("site");
    }

    private TestJobs greeting(String id) {
        return configuration(id, USUAL, GREETING)
                .input("who", "\"${var.path}\"")
                .input("path", "\"" + greeting + "\"");
    }

    private Path home() {
        return agent.agentFolder().resolve("state/terraform/demo/site");
    }

    private List<JsonNode> calls() throws IOException {
        try (Stream<String> lines = Files.lines(calls)) {
            return lines.map(TestJobs::json).toList();
        }
    }

    private boolean leavesNoValues() throws IOException {
        try (Stream<Path> all = Files.walk(agent.agentFolder().resolve("jobs"))) {
            return all.noneMatch(each ->
                    each.toString().endsWith(".tfvars.json")
                            || each.endsWith("variables.json")
                            || each.endsWith("data/plan"));
        }
    }

    @Test
    void appliesAConfigurationByItsPlan() throws IOException {
        Job job =
                greeting("j-1")
                        .output("path", "string")
                        .output("changed", "integer")
                        .output("changes", "object")
                        .job();
        Report report = run(job);

        assertThat(report.outcome()).as(engine.log(job)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(greeting).as("an input is no expression").hasContent("hello ${var.path}");
        assertThat(report.outputs())
                .containsEntry("path", TestJobs.json("\"" + greeting + "\""))
                .containsEntry("changed", TestJobs.json("1"))
                .containsEntry(
                        "changes",
                        TestJobs.json(
                                "{\"create\": 1, \"update\": 0, \"delete\": 0, \"replace\": 0}"));
        assertThat(engine.log(job))
                .contains("Plan: 1 to add", "Apply complete! Resources: 1 added")
                .doesNotContain("@message");
        assertThat(home().resolve("terraform.tfstate")).exists();

        Job again = greeting("j-2").output("changed", "integer").job();
        assertThat(run(again).outputs())
                .as(engine.log(again))
                .containsEntry("changed", TestJobs.json("0"));
        assertThat(calls().stream().map(call -> call.at("/words/0").asString("")))
                .containsExactly(
                        "init", "plan", "show", "apply", "output", "init", "plan", "output");
        try (Stream<Path> module = Files.walk(agent.agentFolder().resolve("modules"))) {
            assertThat(module.map(Path::toString))
                    .as("the module's folder stays as it is")
                    .noneMatch(each -> each.contains("formwork_override"));
        }
    }

    @Test
    void checksByThePlan() throws IOException {
        Job first = greeting("j-1").mode(JobMode.CHECK).checksItself().job();
        Report before = run(first);
        assertThat(before.outcome()).as(engine.log(first)).isEqualTo(Outcome.DOES_NOT_HOLD);
        assertThat(before.detail()).isEqualTo("1 to add, 0 to change, 0 to destroy");
        assertThat(greeting).doesNotExist();

        Job makes = greeting("j-2").mode(JobMode.CHECK_THEN_RUN).checksItself().job();
        assertThat(run(makes).outcome()).as(engine.log(makes)).isEqualTo(Outcome.SUCCEEDED);
        Job holds =
                greeting("j-3").mode(JobMode.CHECK).checksItself().output("path", "string").job();
        Report after = run(holds);
        assertThat(after.outcome()).as(engine.log(holds)).isEqualTo(Outcome.HOLDS);
        assertThat(after.outputs()).containsKey("path");

        Files.writeString(greeting, "drifted");
        assertThat(run(greeting("j-4").mode(JobMode.CHECK).checksItself().job()).detail())
                .isEqualTo("0 to add, 1 to change, 0 to destroy");
        assertThat(
                        run(greeting("j-5")
                                        .input("path", "\"" + greeting + "-2\"")
                                        .mode(JobMode.CHECK)
                                        .checksItself()
                                        .job())
                                .detail())
                .isEqualTo("1 to add, 0 to change, 1 to destroy");

        Job lacking =
                configuration("j-6", USUAL, GREETING).mode(JobMode.CHECK).checksItself().job();
        Report unknown = run(lacking);
        assertThat(unknown.outcome()).as(engine.log(lacking)).isEqualTo(Outcome.CHECK_UNKNOWN);
        assertThat(unknown.code()).isEqualTo("terraform.not-planned");
        assertThat(unknown.detail()).isEqualTo("No value for required variable");
        assertThat(engine.log(lacking)).contains("The root module input variable \"path\"");
    }

    @Test
    void destroysWhatItHasMade() {
        run(greeting("j-1").job());
        assertThat(greeting).exists();
        Job undo = greeting("j-2").mode(JobMode.UNDO).output("path", "string").job();
        Report report = run(undo);
        assertThat(report.outcome()).as(engine.log(undo)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(greeting).doesNotExist();
    }

    @Test
    void keepsSecretsOffTheCommandLineAndSensitiveOutputsInSecretOnes() throws IOException {
        Job open =
                greeting("j-1")
                        .secret("password", "hunter2hunter2")
                        .output("token", "string")
                        .job();
        Report refused = run(open);
        assertThat(refused.outcome()).as(engine.log(open)).isEqualTo(Outcome.FAILED);
        assertThat(refused.code()).isEqualTo("terraform.sensitive-output");
        assertThat(greeting).as("nothing is made before").doesNotExist();

        Job job =
                configuration(
                                "j-2",
                                new TerraformSpec(
                                        "terraform",
                                        false,
                                        null,
                                        null,
                                        List.of(),
                                        List.of("token")),
                                GREETING)
                        .input("who", "\"you\"")
                        .input("path", "\"" + greeting + "\"")
                        .secret("password", "hunter2hunter2")
                        .output("token", "string")
                        .job();
        Report report = run(job);
        assertThat(report.outcome()).as(engine.log(job)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(report.outputs()).containsEntry("token", TestJobs.json("\"hunter2hunter2\""));
        assertThat(engine.log(job)).doesNotContain("hunter2");
        assertThat(calls())
                .allSatisfy(call -> {
                    assertThat(call.path("words").toString()).doesNotContain("hunter2");
                    assertThat(call.at("/modes/zzz-formwork.auto.tfvars.json").asString(""))
                            .isEqualTo("0o600");
                    assertThat(call.path("environment").has("TF_VAR_who")).isFalse();
                });
        assertThat(leavesNoValues()).isTrue();
    }

    @Test
    void saysWhichLockWasLeftBehind() throws IOException {
        run(greeting("j-1").job());
        Path lock = home().resolve(".terraform.tfstate.lock.info");
        Files.writeString(
                lock,
                """
                {"ID": "2f1e", "Path": "terraform.tfstate", "Operation": "OperationTypeApply",
                 "Who": "ann@desk", "Version": "1.9.0", "Created": "2026-01-01"}
                """);
        Job job = greeting("j-2").job();
        Report report = run(job);
        assertThat(report.outcome()).as(engine.log(job)).isEqualTo(Outcome.FAILED);
        assertThat(report.code()).isEqualTo("terraform.locked");
        assertThat(report.detail())
                .isEqualTo(
                        "the state is locked: ID 2f1e, by ann@desk since 2026-01-01; where nobody"
                                + " works on it any more: terraform force-unlock 2f1e");

        Job check = greeting("j-3").mode(JobMode.CHECK).checksItself().job();
        assertThat(run(check).outcome()).as("a check takes none").isEqualTo(Outcome.HOLDS);

        Files.delete(lock);
        assertThat(run(greeting("j-4").job()).outcome()).isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    void goesOnWhereAnApplyFailed() {
        String thing = "\"stand_in_broken\": {\"thing\": {}},";
        Job job =
                configuration(
                                "j-1",
                                USUAL,
                                GREETING.replace("\"local_file\"", thing + "\"local_file\""))
                        .input("who", "\"you\"")
                        .input("path", "\"" + greeting + "\"")
                        .job();
        Report report = run(job);
        assertThat(report.outcome()).as(engine.log(job)).isEqualTo(Outcome.FAILED);
        assertThat(report.code()).isEqualTo("terraform.not-applied");
        assertThat(report.detail())
                .isEqualTo("stand_in_broken.thing: creating the thing: it is broken");
        assertThat(engine.log(job)).contains("  The provider said so.");
        assertThat(greeting).hasContent("hello you");

        Job mended = greeting("j-2").input("who", "\"you\"").output("changes", "object").job();
        assertThat(run(mended).outputs())
                .as(engine.log(mended))
                .containsEntry(
                        "changes",
                        TestJobs.json(
                                "{\"create\": 0, \"update\": 0, \"delete\": 0, \"replace\": 0}"));
    }

    @Test
    void givesItTimeToReleaseItsLockWhereItIsCancelled() throws IOException {
        Job job =
                configuration(
                                "j-1",
                                USUAL,
                                """
                                {"variable": {"password": {}},
                                 "resource": {"stand_in_wait": {"gate": {"until": "%s"}}}}
                                """
                                        .formatted(folder.resolve("never")))
                        .secret("password", "hunter2hunter2")
                        .grace(10)
                        .job();
        engine.offer(job);
        engine.awaitLog(job, "stand_in_wait.gate is under way\n");
        assertThat(home().resolve(".terraform.tfstate.lock.info")).exists();

        engine.cancel(job, Duration.ofSeconds(10));

        assertThat(engine.awaitReport(job).outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(agent.hasNoChildren()).isTrue();
        assertThat(home().resolve(".terraform.tfstate.lock.info")).doesNotExist();
        assertThat(home().resolve("terraform.tfstate")).as("it was saved").exists();
        assertThat(calls().getLast().at("/words/0").asString("")).isEqualTo("apply");
        assertThat(leavesNoValues()).isTrue();
    }

    @Test
    void keepsAStateThatCouldNotBeSaved() throws IOException {
        startAnother(agent("other").with("STAND_IN_SAVES", "no"));
        Job job = greeting("j-1").job();
        Report report = run(job);
        assertThat(report.outcome()).as(engine.log(job)).isEqualTo(Outcome.FAILED);
        assertThat(report.code()).isEqualTo("terraform.state-not-saved");
        Path kept = home().resolve("errored-j-1.tfstate");
        assertThat(report.detail()).contains(kept.toString(), "terraform state push");
        assertThat(kept).content().contains("local_file.greeting");

        assertThat(run(greeting("j-2").job()).code())
                .as("all would be made again")
                .isEqualTo("terraform.state-not-saved");
        assertThat(
                        calls().stream()
                                .filter(call -> call.at("/words/0").asString("").equals("apply")))
                .hasSize(1);
    }

    @Test
    void appliesNothingByAPlanThatItDoesNotKnow() throws IOException {
        startAnother(agent("other").with("STAND_IN_FORMAT", "2.0"));
        Job job = greeting("j-1").job();
        Report report = run(job);
        assertThat(report.code()).as(engine.log(job)).isEqualTo("terraform.bad-answer");
        assertThat(report.detail()).contains("2.0");
        assertThat(greeting).doesNotExist();
    }

    @Test
    void leavesTheStateWhereTheConfigurationHasIt() {
        Path away = folder.resolve("away");
        TerraformSpec own =
                new TerraformSpec("terraform", true, null, "where", List.of(), List.of());
        Job none = configuration("j-1", own, GREETING).input("where", "\"east\"").job();
        assertThat(run(none).code()).as(engine.log(none)).isEqualTo("terraform.no-backend");

        String backend =
                """
                "terraform": {"backend": {"stand_in": {"path": "%s/usual", "workspace_dir": "%s"}}},
                "variable":\
                """
                        .formatted(away, away);
        Job job =
                configuration("j-2", own, GREETING.replaceFirst("\"variable\":", backend))
                        .input("who", "\"you\"")
                        .input("path", "\"" + greeting + "\"")
                        .input("where", "\"east\"")
                        .job();
        assertThat(run(job).outcome()).as(engine.log(job)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(away.resolve("east/terraform.tfstate")).exists();
        assertThat(home().resolve("terraform.tfstate")).doesNotExist();

        Job option = configuration("j-3", own, GREETING).input("where", "\"-help\"").job();
        assertThat(run(option).code()).isEqualTo("agent.job-invalid");

        Job unknown =
                configuration(
                                "j-4",
                                own,
                                GREETING.replaceFirst(
                                        "\"variable\":", backend.replace("stand_in", "s4")))
                        .input("where", "\"east\"")
                        .job();
        Report report = run(unknown);
        assertThat(report.code()).as(engine.log(unknown)).isEqualTo("terraform.not-initialised");
        assertThat(report.detail()).isEqualTo("Unsupported backend type");
    }

    @Test
    void plansOnlyItsTargetsAndKeepsStatesByTheirNames() {
        Job job =
                configuration(
                                "j-1",
                                new TerraformSpec(
                                        "terraform",
                                        false,
                                        "web/dns",
                                        null,
                                        List.of("local_file.other"),
                                        List.of()),
                                GREETING)
                        .input("who", "\"you\"")
                        .input("path", "\"" + greeting + "\"")
                        .job();
        assertThat(run(job).outcome()).as(engine.log(job)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(greeting).doesNotExist();
        assertThat(home().resolveSibling("web/dns/terraform.tfstate")).exists();
    }

    @Test
    void saysThatThereIsNoTerraform() throws IOException {
        startAnother(agent("other").with("PATH", "/usr/sbin"));
        Report report = run(greeting("j-1").job());
        assertThat(report.code()).isEqualTo("agent.runner-missing");
        assertThat(report.detail()).contains("there is no terraform");
    }
}
