package dev.formwork.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// `formwork demo --metal` as a person runs it: three bare virtual machines boot from the network
/// into the container OS and become an etcd cluster. In the middle of it one loses its power and
/// the engine is killed; afterwards another one loses its power, is mended, and knows what the
/// cluster knows.
@Timeout(1500)
class MetalDemoIT {
    private static final Duration PATIENCE = Duration.ofMinutes(6);
    private static final String MENDED = "metal-members-2";
    private static final Pattern WROTE =
            Pattern.compile("Wrote formwork/demo = (.+) to .+, and read it from " + MENDED);

    @TempDir private Path folder;

    @AfterEach
    void leaveNothing() throws IOException {
        HostProcesses.mentioning(folder)
                .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }

    private Path home() {
        return folder.resolve("home");
    }

    private Path demo() {
        return home().resolve("metal-demo");
    }

    private String cli(int exitCode, String... arguments) {
        return CliProcess.run(exitCode, home(), folder, arguments);
    }

    /// The engine as the demo has started it, or as it was started after that.
    private ApiClient api() throws IOException {
        URI url = URI.create(json("engine.json", "url"));
        return new ApiClient(url, Files.readString(demo().resolve("api-token")).strip());
    }

    private String json(String file, String field) throws IOException {
        Matcher found =
                Pattern.compile("\"" + field + "\"\\s*:\\s*\"?([^\",}]*)")
                        .matcher(Files.readString(demo().resolve(file)));
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    /// Kills its QEMU.
    private void powerCut(String machine) throws IOException {
        Path directory =
                demo().resolve("providers/qemu/machines").resolve(api().machine(machine).id());
        long pid = Long.parseLong(Files.readString(directory.resolve("qemu.pid")).strip());
        ProcessHandle qemu = ProcessHandle.of(pid).orElseThrow();
        qemu.destroyForcibly();
        qemu.onExit().join();
    }

    /// As a machine starts by itself when there is power again; the engine would see to that too,
    /// once it has missed the agent for a while.
    private void powerReturns(String machine) {
        cli(0, "--data-dir", demo().toString(), "machine", "power", "on", machine);
    }

    private boolean isReady(String machine) {
        try {
            return api().machine(machine).state().equals("ready");
        } catch (IOException | ApiProblem e) {
            return false;
        }
    }

    @Test
    void formsTheClusterThroughAPowerCutAndMendsWhatLosesItsPowerLater() throws Exception {
        EtcdPackages.need();
        Needs.programs("qemu-system-x86_64", "mksquashfs");
        // Built once for all tests.
        Files.createDirectories(demo());
        Files.createSymbolicLink(demo().resolve("image"), BuiltImage.directory());
        try (CliProcess told = CliProcess.start(home(), folder, "demo", "--metal")) {
            told.awaitOutput("package@metal-members-1");
            powerCut("metal-members-1");
            long engine = Long.parseLong(json("engine.json", "pid").strip());
            ProcessHandle.of(engine).orElseThrow().destroyForcibly();
            try (CliProcess _ = serve()) {
                powerReturns("metal-members-1");
                Await.until("the demo ends", PATIENCE, () -> !told.isAlive());
                String formed = told.out();
                if (!WROTE.matcher(formed).find()) {
                    // What failed as its machine went away is planned anew by whoever looks.
                    assertThat(told.err()).isEmpty();
                    formed = cli(0, "demo", "--metal");
                }
                Matcher wrote = WROTE.matcher(formed);
                assertThat(wrote.find()).as(formed).isTrue();
                mend();
                assertRemembers(wrote.group(1));
                assertThat(cli(0, "demo", "--metal", "--down")).contains("Nothing is left");
            }
        }
        assertThat(demo()).doesNotExist();
        assertThat(HostProcesses.mentioning(demo())).isEmpty();
    }

    /// As the demo has it.
    private CliProcess serve() {
        CliProcess engine =
                CliProcess.start(
                        home(),
                        folder,
                        "serve",
                        "--port",
                        "0",
                        "--data-dir",
                        demo().toString(),
                        "--boot",
                        demo().resolve("boot.yaml").toString(),
                        "--agents",
                        "127.0.0.1:0",
                        "--name",
                        "10.0.2.2");
        engine.awaitOutput("is ready");
        return engine;
    }

    /// Asks the member that was mended for what the cluster keeps.
    private void assertRemembers(String value) {
        cli(
                0,
                "--data-dir",
                demo().toString(),
                "run",
                "etcd/get",
                "--on",
                MENDED,
                "--with",
                "key=formwork/demo",
                "--with",
                "expect=" + value,
                "--yes");
    }

    private void mend() throws IOException {
        int before = api().machine(MENDED).incarnation();
        powerCut(MENDED);
        powerReturns(MENDED);
        Await.until(
                MENDED + " boots anew",
                PATIENCE,
                () -> api().machine(MENDED).incarnation() > before && isReady(MENDED));
        Path file = demo().resolve("cluster.yaml");

        String told = cli(0, "--data-dir", demo().toString(), "apply", file.toString(), "--yes");

        assertThat(told).contains("the machine is a new one");
        Answer.Run run = api().runs("metal").getFirst();
        assertThat(run.state()).isEqualTo("succeeded");
        assertThat(api().nodes(run.id()))
                .filteredOn(node -> node.state().equals("succeeded"))
                .extracting(Answer.Node::key)
                .contains(
                        "package@" + MENDED,
                        "member@" + MENDED,
                        "grow[" + MENDED + "]@metal-members-0")
                .doesNotContain("member@metal-members-0", "member@metal-members-1");
        assertThat(api().planApply(Files.readString(file), List.of()).changing()).isEmpty();
    }
}
