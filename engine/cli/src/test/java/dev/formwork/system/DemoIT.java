package dev.formwork.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The two commands of the README's first screen, as somebody types them who has just cloned the
/// repository, on a host where an engine of theirs runs already.
class DemoIT {
    private static final Duration TO_BUILD_AND_APPLY = Duration.ofMinutes(12);
    private static final Duration TO_END = Duration.ofMinutes(4);

    @TempDir private Path folder;

    @AfterEach
    void leaveNothing() throws IOException {
        HostProcesses.mentioning(folder)
                .forEach(pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
    }

    @Test
    void aFreshCloneReachesTheClusterAndNothingIsLeftOfIt() throws Exception {
        EtcdPackages.need();
        Needs.that(hasUsualJdk(), "no JDK is installed somewhere usual");
        Path clone = freshClone();
        Path usual = Files.createDirectories(usual());
        try (EngineProcess own = new EngineProcess(usual).start(EngineOptions.USUAL)) {
            SortedSet<String> before = files();

            String told = formwork(0, TO_BUILD_AND_APPLY, "demo");

            assertThat(told)
                    .contains("3 machines to create", "succeeded", "demo --down")
                    .containsPattern(
                            "Wrote formwork/demo = (hello from \\S+)\\n"
                                    + " +to quickstart-members-0\\n"
                                    + "Read  formwork/demo = \\1\\n"
                                    + " +from quickstart-members-2\\n");
            assertThat(clone.resolve("engine/cli/target/app"))
                    .as("the next start finds its classes ready")
                    .isDirectoryContaining("glob:**/classes-*.aot");
            Path demo = usual.resolve("demo");
            assertThat(formwork(0, TO_END, "--data-dir", demo.toString(), "status", "quickstart"))
                    .contains("quickstart-members-0", "ready");
            List<String> addresses = addresses(demo);
            URI engine = URI.create(json(demo.resolve("engine.json")).path("url").asString());
            assertThat(addresses).hasSize(3).allMatch(address -> isOpen(address, 2379));
            assertThat(isOpen(engine.getHost(), engine.getPort())).isTrue();
            List<String> machines = machines(demo);
            assertThat(processes(demo, machines)).hasSizeGreaterThan(6);

            assertThat(formwork(0, TO_END, "demo", "--down"))
                    .contains("Nothing is left of the demo.");

            assertThat(processes(demo, machines)).isEmpty();
            assertThat(addresses)
                    .noneMatch(address -> isOpen(address, 2379) || isOpen(address, 2380));
            assertThat(isOpen(engine.getHost(), engine.getPort())).isFalse();
            assertThat(files()).isEqualTo(before);
            assertThat(own.isAlive()).as("the engine beside it").isTrue();
            assertThat(own.api().health()).isEqualTo(200);
        }
    }

    private Path home() {
        return folder.resolve("home");
    }

    /// Where data goes if nobody says another place.
    private Path usual() {
        return home().resolve(".local/share/formwork");
    }

    /// Where this test's own JDK lies elsewhere, the launcher cannot know of it.
    private boolean hasUsualJdk() {
        return Command.run(
                                Duration.ofSeconds(30),
                                List.of(
                                        "env",
                                        "-u",
                                        "JAVA_HOME",
                                        "sh",
                                        "-c",
                                        ". \"$1\"",
                                        "sh",
                                        Checkout.root().resolve(".mvn/find-jdk.sh").toString()))
                        .status()
                == 0;
    }

    /// What is committed, and nothing of what was built here.
    private Path freshClone() {
        Path fresh = folder.resolve("formwork");
        Command cloned =
                Command.run(
                        Duration.ofMinutes(2),
                        List.of(
                                "git",
                                "clone",
                                "--quiet",
                                "--no-hardlinks",
                                Checkout.root().toString(),
                                fresh.toString()));
        Needs.that(cloned.status() == 0, "no clone of this checkout: " + cloned.output());
        return fresh;
    }

    /// Runs `./formwork` with an environment in which nothing was ever set up; Maven alone may use
    /// what it has downloaded.
    private String formwork(int exitCode, Duration patience, String... arguments)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("./formwork"));
        command.addAll(List.of(arguments));
        Path output = folder.resolve("output");
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.directory(folder.resolve("formwork").toFile());
        builder.redirectErrorStream(true);
        builder.redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        environment
                .keySet()
                .removeIf(name -> name.matches("(FORMWORK|XDG)_.*|JAVA_HOME|MAVEN_(HOME|CMD|P).*"));
        environment.put("HOME", home().toString());
        environment.putIfAbsent(
                "MAVEN_USER_HOME", Path.of(System.getProperty("user.home"), ".m2").toString());
        String repository = System.getProperty("maven.repo.local", "");
        if (!repository.isEmpty()) {
            environment.merge("MAVEN_ARGS", "-Dmaven.repo.local=" + repository, "%s %s"::formatted);
        }
        Process process = builder.start();
        boolean ended = process.waitFor(patience.toSeconds(), TimeUnit.SECONDS);
        String told = Files.readString(output);
        assertThat(ended).as("after %s it runs:%n%s", patience, told).isTrue();
        assertThat(process.exitValue()).as(told).isEqualTo(exitCode);
        return told;
    }

    /// Everything below the home but what is in the data directory of the engine beside the demo.
    private SortedSet<String> files() throws IOException {
        int depth = usual().getNameCount() + 1;
        try (Stream<Path> tree = Files.walk(home())) {
            SortedSet<String> files = new TreeSet<>();
            tree.filter(path -> !path.startsWith(usual()) || path.getNameCount() <= depth)
                    .forEach(path -> files.add(home().relativize(path).toString()));
            return files;
        }
    }

    private static List<Long> processes(Path demo, List<String> machines) {
        SortedSet<Long> found = new TreeSet<>(HostProcesses.mentioning(demo));
        found.addAll(
                HostProcesses.withVariable(
                        machines.stream().map(id -> "FORMWORK_MACHINE_ID=" + id).toList()));
        return List.copyOf(found);
    }

    private static List<String> machines(Path demo) throws IOException {
        try (Stream<Path> machines = Files.list(demo.resolve("providers/local/machines"))) {
            return machines.map(machine -> String.valueOf(machine.getFileName())).toList();
        }
    }

    private List<String> addresses(Path demo) throws IOException, InterruptedException {
        String told =
                formwork(
                        0,
                        TO_END,
                        "--data-dir",
                        demo.toString(),
                        "machines",
                        "--cluster",
                        "quickstart",
                        "-o",
                        "json");
        List<String> addresses = new ArrayList<>();
        JsonMapper.shared()
                .readTree(told)
                .path("items")
                .forEach(machine -> addresses.add(machine.path("address").asString()));
        return addresses;
    }

    private static JsonNode json(Path file) throws IOException {
        return JsonMapper.shared().readTree(Files.readString(file));
    }

    private static boolean isOpen(String address, int port) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 1_000);
            return true;
        } catch (IOException _) {
            return false;
        }
    }
}
