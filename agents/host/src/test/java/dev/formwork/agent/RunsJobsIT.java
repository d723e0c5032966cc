package dev.formwork.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.JobMode;
import dev.formwork.agent.protocol.ModuleBundle;
import dev.formwork.agent.protocol.ModuleDigest;
import dev.formwork.agent.protocol.Outcome;
import dev.formwork.agent.protocol.Report;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Jobs that nothing disturbs.
class RunsJobsIT {
    private FakeEngine engine;
    private AgentProcess agent;
    private Path folder;

    @BeforeEach
    void start(@TempDir Path temporary) throws IOException {
        folder = temporary;
        engine = FakeEngine.start();
        engine.add(TestJobs.EMPTY_MODULE);
        agent = agent(folder, engine.url()).start();
    }

    /// The one that is held to all of this.
    AgentProcess agent(Path folder, URI engine) throws IOException {
        return new AgentProcess(folder, engine);
    }

    @AfterEach
    void stop() throws IOException {
        agent.close();
        engine.close();
    }

    private Report run(Job job) {
        engine.offer(job);
        return engine.awaitReport(job);
    }

    @Test
    void runsAScriptAndReportsItsOutputsAndItsLog() {
        Job job =
                TestJobs.shell(
                                "j-1",
                                """
                                echo hello $INPUT_CLIENT_PORT
                                echo oops >&2
                                echo "https://$FORMWORK_ADDRESS:$INPUT_CLIENT_PORT" \
                                  > $FORMWORK_OUTPUTS/client_url
                                echo '{"a": [1, 2]}' > $FORMWORK_OUTPUTS/detail
                                """)
                        .input("client_port", "2379")
                        .output("client_url", "string")
                        .output("detail", "object")
                        .job();

        Report report = run(job);

        assertThat(report.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(report.exitCode()).isZero();
        assertThat(report.outputs())
                .containsEntry("client_url", TestJobs.json("\"https://127.1.0.2:2379\""))
                .containsEntry("detail", TestJobs.json("{\"a\": [1, 2]}"));
        assertThat(engine.log(job)).isEqualTo("hello 2379\noops\n");
        assertThat(report.logBytes()).isEqualTo(16);
        assertThat(report.bootId()).isEqualTo("boot-1");
        // At least once: the answer to a poll that was on its way offers the job again, and so the
        // agent says again that it was started, which is harmless.
        assertThat(engine.starts()).containsOnly(FakeEngine.start(job));
    }

    @Test
    void runsAFileOfAModuleThatItFetchesOnce() {
        ModuleDigest module =
                engine.add(
                        ModuleBundle.of(
                                Map.of(
                                        "module.yaml", bytes("kind: Task\n"),
                                        "scripts/start.sh",
                                                bytes(
                                                        "#!/bin/sh -e\n. $FORMWORK_MODULE_DIR/lib.sh\ngreet\n"),
                                        "lib.sh", bytes("greet() { echo from the library; }\n"))));
        Job first = TestJobs.shell("j-1", "").file(module, "scripts/start.sh").job();
        Job second = TestJobs.shell("j-2", "").file(module, "scripts/start.sh").job();

        assertThat(run(first).outcome()).isEqualTo(Outcome.SUCCEEDED);
        engine.serve(module, new byte[0]);
        assertThat(run(second).outcome()).isEqualTo(Outcome.SUCCEEDED);

        assertThat(engine.log(second)).isEqualTo("from the library\n");
    }

    @Test
    void fetchesAModuleAgainThatAScriptHasChanged() {
        ModuleDigest module =
                engine.add(
                        ModuleBundle.of(
                                Map.of(
                                        "run.sh",
                                        bytes(
                                                "echo original; echo 'echo forged' > $FORMWORK_MODULE_DIR/run.sh\n"))));
        run(TestJobs.shell("j-1", "").file(module, "run.sh").job());
        Job second = TestJobs.shell("j-2", "").file(module, "run.sh").job();

        run(second);

        assertThat(engine.log(second)).isEqualTo("original\n");
    }

    @Test
    void refusesAModuleWithOtherContentThanItsName() {
        ModuleBundle other = ModuleBundle.of(Map.of("run.sh", bytes("echo forged\n")));
        ByteArrayOutputStream zip = new ByteArrayOutputStream();
        writeZip(other, zip);
        ModuleDigest module =
                engine.serve(new ModuleDigest("sha256:" + "0".repeat(64)), zip.toByteArray());
        Job job = TestJobs.shell("j-1", "").file(module, "run.sh").job();

        Report report = run(job);

        assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(report.code()).isEqualTo("agent.module-digest");
        assertThat(engine.log(job)).isEmpty();
    }

    @Test
    void runsPython() {
        Job job =
                TestJobs.shell(
                                "j-1",
                                "import os, json\nprint(json.load(open(os.environ['FORMWORK_INPUTS'])))\n")
                        .runner("python")
                        .input("n", "[1, null]")
                        .job();

        assertThat(run(job).outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(engine.log(job)).isEqualTo("{'n': [1, None]}\n");
    }

    @Test
    void letsPythonImportWhatTheModuleHas() throws IOException {
        ModuleDigest module =
                engine.add(
                        ModuleBundle.of(
                                Map.of(
                                        "scripts/run.py",
                                        bytes(
                                                """
                                                import json, os, pathlib
                                                import beside, shared.names, others
                                                outputs = pathlib.Path(os.environ['FORMWORK_OUTPUTS'])
                                                (outputs / 'text').write_text(beside.TEXT)
                                                (outputs / 'names').write_text(json.dumps([shared.names.NAME, others.NAME]))
                                                """),
                                        "scripts/beside.py",
                                        bytes("TEXT = 'grün'\n"),
                                        "shared/names.py",
                                        bytes("NAME = 'shared'\n"),
                                        "site-packages/others.py",
                                        bytes("NAME = 'others'\n"))));
        Job job =
                TestJobs.shell("j-1", "")
                        .file(module, "scripts/run.py")
                        .runner("python")
                        .output("text", "string")
                        .output("names", "array")
                        .job();
        Report report = run(job);
        assertThat(report.outcome()).as(engine.log(job)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(report.outputs())
                .containsEntry("text", TestJobs.json("\"grün\""))
                .containsEntry("names", TestJobs.json("[\"shared\", \"others\"]"));

        Job inline =
                TestJobs.shell("j-2", "import others, shared.names; print(others.NAME)")
                        .file(module, "scripts/run.py")
                        .runner("python")
                        .inline("import others, shared.names; print(others.NAME)")
                        .job();
        assertThat(run(inline).outcome()).as(engine.log(inline)).isEqualTo(Outcome.SUCCEEDED);
        engine.serve(module, new byte[0]);
        assertThat(run(TestJobs.shell("j-3", "").file(module, "scripts/beside.py").job()).code())
                .as("the module was left as it is")
                .isNull();
    }

    @Test
    void runsTheEnvironmentOfPythonThatAScriptNames() throws Exception {
        Path made = folder.resolve("venv");
        Process venv =
                new ProcessBuilder("python3", "-m", "venv", "--without-pip", made.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("venv.log").toFile())
                        .start();
        assertThat(venv.waitFor()).as(Files.readString(folder.resolve("venv.log"))).isZero();
        Job job =
                TestJobs.shell("j-1", "#!" + made + "/bin/python\nimport sys; print(sys.prefix)\n")
                        .runner("python")
                        .job();
        assertThat(run(job).outcome()).as(engine.log(job)).isEqualTo(Outcome.SUCCEEDED);
        assertThat(engine.log(job)).isEqualTo(made + "\n");

        Report missing =
                run(TestJobs.shell("j-2", "#!/nowhere/bin/python3\n").runner("python").job());
        assertThat(missing.outcome()).isEqualTo(Outcome.FAILED);
        // The programs of a host are not looked for: there, it is the shell that misses it.
        assertThat(missing.code()).isEqualTo(agent.isOnHost() ? null : "agent.runner-missing");
    }

    @Test
    void saysWhichRunnersItHas() {
        Report report = run(TestJobs.shell("j-1", "x").runner("cobol").job());

        assertThat(report.code()).isEqualTo("agent.runner-unknown");
        assertThat(report.detail())
                .contains("\"cobol\"")
                .contains(
                        agent.isOnHost()
                                ? "it has python, shell"
                                : "ansible, container, http, puppet, python, shell, terraform");
    }

    @Test
    void reportsTheExitCodeOfAScriptThatFails() {
        Report report = run(TestJobs.shell("j-1", "exit 7").output("x", "string").job());

        assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(report.exitCode()).isEqualTo(7);
        assertThat(report.code()).isNull();
    }

    @Test
    void runsSeveralJobsAtOnce() {
        Job waits =
                TestJobs.shell("j-1", "until [ -e $FORMWORK_STATE/go ]; do sleep 0.05; done").job();
        Job lets = TestJobs.shell("j-2", "touch $FORMWORK_STATE/go").job();
        engine.offer(waits);
        engine.awaitStart(waits);

        assertThat(run(lets).outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(engine.awaitReport(waits.id(), 1, 1).outcome()).isEqualTo(Outcome.SUCCEEDED);
    }

    @Test
    void givesScriptsWhatTheContractLists() {
        Job job =
                TestJobs.shell(
                                "j-1",
                                "env | grep -E '^(FORMWORK|INPUT)_' | sort; pwd; stat -c %a $FORMWORK_INPUTS")
                        .input("text", "\"a b\"")
                        .input("flag", "true")
                        .job();

        run(job);

        assertThat(engine.log(job))
                .contains("INPUT_TEXT=a b\n", "INPUT_FLAG=true\n", "FORMWORK_PHASE=1\n")
                .contains("FORMWORK_MACHINE=node-1\n", "FORMWORK_MACHINE_ID=m-1\n")
                .contains("FORMWORK_ADDRESS=127.1.0.2\n", "FORMWORK_CLUSTER=demo\n")
                .contains("FORMWORK_RUN=r-1\n", "FORMWORK_STEP=step-j-1\n", "FORMWORK_JOB=j-1\n")
                .contains("FORMWORK_ATTEMPT=1\n", "FORMWORK_STATE=", "FORMWORK_MODULE_DIR=")
                .contains("/work\n600\n")
                .doesNotContain("BOOT_TOKEN", "FORMWORK_ITEM", "FORMWORK_CACHE");
    }

    @Test
    void keepsALargeInputInTheFileOnly() {
        Job job =
                TestJobs.shell("j-1", "echo [$INPUT_BIG] $(wc -c < $FORMWORK_INPUTS)")
                        .input("big", "\"" + "x".repeat(300_000) + "\"")
                        .job();

        assertThat(run(job).outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(engine.log(job)).isEqualTo("[] 300010\n");
    }

    @Test
    void refusesOutputsThatAreTooLargeWithoutReadingThem() {
        Job job =
                TestJobs.shell("j-1", "truncate -s 100M $FORMWORK_OUTPUTS/big")
                        .output("big", "string")
                        .job();

        Report report = run(job);

        assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(report.code()).isEqualTo("agent.output-too-large");
        assertThat(report.detail()).contains("\"big\"").contains("104857600");
    }

    @Test
    void namesTheOutputThatIsMissing() {
        Report report =
                run(
                        TestJobs.shell("j-1", "echo 1 > $FORMWORK_OUTPUTS/there")
                                .output("there", "integer")
                                .output("missing", "integer")
                                .job());

        assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
        assertThat(report.code()).isEqualTo("agent.output-missing");
        assertThat(report.detail()).contains("\"missing\"");
    }

    @Test
    void refusesOutputsThatAreNoPlainFiles() {
        Job link =
                TestJobs.shell("j-1", "ln -s /etc/shadow $FORMWORK_OUTPUTS/x")
                        .output("x", "string")
                        .job();
        Job pipe = TestJobs.shell("j-2", "mkfifo $FORMWORK_OUTPUTS/x").output("x", "string").job();
        Job broken =
                TestJobs.shell("j-3", "echo '{' > $FORMWORK_OUTPUTS/x").output("x", "object").job();

        for (Job job : List.of(link, pipe, broken)) {
            Report report = run(job);
            assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
            assertThat(report.code()).isEqualTo("agent.output-invalid");
        }
    }

    @Test
    void cutsAHugeLogAndKeepsItSmallOnTheDisk() throws IOException {
        Job job =
                TestJobs.shell(
                                "j-1",
                                """
                                yes 0123456789012345678901234567890123456789 | head -c 50000000
                                sleep 1
                                stat -c %s "$(dirname "$FORMWORK_INPUTS")/log" > $FORMWORK_OUTPUTS/size
                                """)
                        .logBytes(100_000)
                        .output("size", "integer")
                        .job();

        Report report = run(job);

        assertThat(report.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(number(report, "size")).isLessThan(1_000_000);
        String log = engine.log(job);
        assertThat(log.substring(0, 100_000))
                .isEqualTo(
                        "0123456789012345678901234567890123456789\n"
                                .repeat(2440)
                                .substring(0, 100_000));
        assertThat(log.substring(100_000))
                .matches(
                        "\n\\[formwork: the log is cut here; about \\d+ more bytes were dropped]\n");
        assertThat(Long.parseLong(log.substring(100_000).replaceAll("[^0-9]", "")))
                .isBetween(45_000_000L, 50_000_000L);
        assertThat(report.logBytes()).isEqualTo(log.length());
    }

    @Test
    void hidesSecrets() {
        String key = "-----BEGIN KEY-----\nabcdefgh\nijklmnop\n-----END KEY-----\n";
        Job job =
                TestJobs.shell(
                                "j-1",
                                """
                                echo "password: $INPUT_PASSWORD."
                                printf 'hun'; sleep 0.5; printf 'ter2\\n'
                                echo "$INPUT_KEY"
                                echo "$INPUT_KEY" | tail -n 2 | head -n 1
                                cat $FORMWORK_INPUTS
                                """)
                        .secret("password", "hunter2")
                        .secret("key", key)
                        .input("plain", "\"visible\"")
                        .job();

        run(job);

        assertThat(engine.log(job))
                .doesNotContain("hunter2", "abcdefgh", "ijklmnop", "BEGIN KEY")
                .startsWith("password: ***.\n***\n***")
                .contains("\"password\":\"***\"", "visible");
    }

    @Test
    void leavesDaemonsAloneThatStartedASessionOfTheirOwn() throws IOException {
        Job job =
                TestJobs.shell(
                                "j-1",
                                """
                                setsid sleep 1000 </dev/null >/dev/null 2>&1 &
                                echo $! > $FORMWORK_OUTPUTS/daemon
                                sleep 1000 &
                                echo $! > $FORMWORK_OUTPUTS/child
                                # Until the daemon has a session of its own.
                                until [ "$(cut -d' ' -f6 /proc/$(cat $FORMWORK_OUTPUTS/daemon)/stat)" \
                                  = "$(cat $FORMWORK_OUTPUTS/daemon)" ]; do :; done
                                """)
                        .output("daemon", "integer")
                        .output("child", "integer")
                        .job();

        Report report = run(job);

        long daemon = number(report, "daemon");
        long child = number(report, "child");
        assertThat(report.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(agent.children()).extracting(ProcessHandle::pid).contains(daemon);
        assertThat(agent.children()).extracting(ProcessHandle::pid).doesNotContain(child);
    }

    @Test
    void checksWithoutRunning() {
        TestJobs job =
                TestJobs.shell("j-1", "echo ran")
                        .mode(JobMode.CHECK)
                        .output("version", "string")
                        .check("echo 1.2 > $FORMWORK_OUTPUTS/version");
        Report holds = run(job.job());
        Report doesNot =
                run(TestJobs.shell("j-2", "echo ran").mode(JobMode.CHECK).check("exit 1").job());
        Report unknown =
                run(TestJobs.shell("j-3", "echo ran").mode(JobMode.CHECK).check("exit 2").job());

        assertThat(holds.outcome()).isEqualTo(Outcome.HOLDS);
        assertThat(holds.outputs()).containsEntry("version", TestJobs.json("\"1.2\""));
        assertThat(doesNot.outcome()).isEqualTo(Outcome.DOES_NOT_HOLD);
        assertThat(unknown.outcome()).isEqualTo(Outcome.CHECK_UNKNOWN);
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(engine.log(job.job())).isEmpty();
    }

    @Test
    void runsAfterACheckThatDoesNotHoldAndOnlyThen() {
        TestJobs holds = checked("j-1", "echo c > $FORMWORK_OUTPUTS/by");
        TestJobs doesNot = checked("j-2", "echo c > $FORMWORK_OUTPUTS/by; exit 1");
        TestJobs unknown = checked("j-3", "exit 3");

        assertThat(run(holds.job()).outputs()).containsEntry("by", TestJobs.json("\"c\""));
        assertThat(engine.log(holds.job())).isEmpty();
        Report ran = run(doesNot.job());
        assertThat(ran.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(ran.outputs()).containsEntry("by", TestJobs.json("\"run\""));
        assertThat(run(unknown.job()).outcome()).isEqualTo(Outcome.CHECK_UNKNOWN);
        assertThat(engine.log(unknown.job())).isEmpty();
    }

    private static TestJobs checked(String id, String check) {
        return TestJobs.shell(id, "echo running; echo run > $FORMWORK_OUTPUTS/by")
                .mode(JobMode.CHECK_THEN_RUN)
                .check(check)
                .output("by", "string");
    }

    @Test
    void undoesWithoutOutputs() {
        Report report =
                run(TestJobs.shell("j-1", "exit 0").mode(JobMode.UNDO).output("x", "string").job());

        assertThat(report.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(report.outputs()).isEmpty();
    }

    @Test
    void leavesNothingOfAJobBehind() {
        Job job = TestJobs.shell("j-1", "echo x > file").job();

        run(job);

        engine.await("an empty folder", () -> folders().length == 0);
    }

    private String[] folders() {
        return Objects.requireNonNull(agent.agentFolder().resolve("jobs").toFile().list());
    }

    private static long number(Report report, String output) {
        return Objects.requireNonNull(report.outputs().get(output)).asLong();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static void writeZip(ModuleBundle bundle, ByteArrayOutputStream zip) {
        try {
            bundle.writeZip(zip);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void reportsItsOwnFault() {
        Report report = run(TestJobs.shell("j-fault", "").runner("test-faulty").job());

        assertThat(report.outcome()).isEqualTo(Outcome.FAILED);
        if (agent.isOnHost()) {
            // Runners that a jar brings don't work on hosts.
            assertThat(report.code()).isEqualTo("agent.runner-unknown");
        } else {
            assertThat(report.code()).isEqualTo("agent.fault");
            assertThat(report.detail()).contains("NoClassDefFoundError", "Gone");
        }
    }
}
