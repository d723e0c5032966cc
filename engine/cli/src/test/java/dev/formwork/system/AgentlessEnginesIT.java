package dev.formwork.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.postgres.PostgresServer;
import dev.formwork.testkit.FolderProcesses;
import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Two engines on one PostgreSQL that know the same hosts, to which no agent is brought: one of
/// them works the hosts of a cluster, and the other one when that is no more.
class AgentlessEnginesIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final List<String> HOSTS = List.of("host", "host-rack-2");
    private static final List<String> MACHINES = List.of("pair-nodes-0", "pair-nodes-1");
    private static final String WORKED = "the machine is worked from here";
    private static final String LOST = "the machine is not worked from here any more";

    private static final String TASK =
            """
            kind: Task
            name: once
            version: 1.0.0
            summary: Waits in its middle.
            repeat: at-most-once
            inputs: {file: {type: string}}
            run: |
              echo x >>"$INPUT_FILE.$FORMWORK_MACHINE"
              echo "line 1"
              until [ -e "$INPUT_FILE.go" ]; do sleep 0.1; done
              echo "line 2"
            """;
    private static final String WORKFLOW =
            """
            kind: Workflow
            name: all
            version: 1.0.0
            summary: Once on each.
            groups: [nodes]
            inputs: {file: {type: string}}
            steps:
              it: {on: nodes, uses: once, with: {file: "${{ inputs.file }}"}}
            """;

    @TempDir private Path folder;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final List<Serve> engines = new ArrayList<>();

    /// @param data its data directory
    private record Serve(CliProcess process, Path data) {
        ApiClient api() {
            String ready = "is ready: ";
            String url =
                    process.out()
                            .lines()
                            .filter(line -> line.contains(ready))
                            .map(line -> line.substring(line.indexOf(ready) + ready.length()))
                            .findFirst()
                            .orElseThrow();
            return new ApiClient(URI.create(url.strip()), read(data.resolve("api-token")).strip());
        }

        boolean says(String what) {
            return read(data.resolve("engine.log")).contains(what);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @BeforeEach
    void startTwo() throws Exception {
        Needs.nothing(PostgresServer.missing());
        Sshd sshd = Sshd.start(folder);
        opened.add(sshd);
        Files.writeString(
                folder.resolve("providers.yaml"),
                "racks:\n" + (sshd.provider("rack-1", "rack-2") + "agent: none\n").indent(2));
        OneStore store = new OneStore(folder);
        opened.add(store);
        for (String name : List.of("a", "b")) {
            CliProcess process = store.serve(name, "--providers", "providers.yaml");
            opened.add(process);
            engines.add(new Serve(process, store.data(name)));
        }
    }

    @AfterEach
    void endAll() throws Exception {
        for (AutoCloseable each : opened.reversed()) {
            each.close();
        }
        FolderProcesses.end(folder);
    }

    private void awaitEvenShares() {
        Await.until(
                "the shares are even",
                PATIENCE,
                () ->
                        engines.getLast().api().engines().stream()
                                .allMatch(share -> share.shards() >= 32 && share.shards() <= 34));
    }

    private String start(ApiClient api) {
        String pack =
                api.upload(
                        Map.of(
                                "pack.yaml",
                                bytes(
                                        "kind: Pack\nname: bare\nversion: 1.0.0\nsummary: On bare hosts.\n"),
                                "once/module.yaml",
                                bytes(TASK),
                                "all/module.yaml",
                                bytes(WORKFLOW)));
        String cluster =
                "kind: Cluster\nname: pair\nworkflow: all\ngroups:\n  nodes: {count: 2, provider: racks}\nwith: {file: %s}\n"
                        .formatted(folder.resolve("file"));
        return api.start(api.planApply(cluster, List.of(pack))).id();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Path trace(String machine) {
        return folder.resolve("file." + machine);
    }

    @ParameterizedTest
    @ValueSource(strings = {"KILL", "STOP"})
    void whatIsUnderWayEndsOnceAtTheOtherEngine(String signal) throws Exception {
        awaitEvenShares();
        String run = start(engines.getFirst().api());
        Await.until(
                "both hosts are at it",
                PATIENCE,
                () -> MACHINES.stream().allMatch(each -> Files.exists(trace(each))));
        List<Serve> working = engines.stream().filter(each -> each.says(WORKED)).toList();
        assertThat(working).as("engines that work the hosts").hasSize(1);
        Serve first = working.getFirst();
        Serve other =
                engines.stream().filter(each -> !each.equals(first)).findFirst().orElseThrow();
        first.process().signal(signal);
        Files.createFile(folder.resolve("file.go"));

        ApiClient api = other.api();
        Answer.Run ended = api.awaitEnd(run, PATIENCE);

        assertThat(ended.state()).as(ended.reason()).isEqualTo("succeeded");
        for (String machine : MACHINES) {
            assertThat(trace(machine)).hasContent("x");
            assertThat(api.node(run, "it@" + machine).attempt()).isEqualTo(1);
            assertThat(api.logText(run, "it@" + machine)).isEqualTo("line 1\nline 2\n");
        }
        if (signal.equals("STOP")) {
            first.process().signal("CONT");
            Await.until("it hears that it has lost them", PATIENCE, () -> first.says(LOST));
        }
        assertGivesBack(api);
    }

    /// The hosts; and they were never silent for so long that they counted as unreachable.
    private void assertGivesBack(ApiClient api) {
        assertThat(api.awaitEnd(api.start(api.planDestroy("pair")).id(), PATIENCE).state())
                .isEqualTo("succeeded");
        assertThat(HOSTS.stream().map(folder::resolve))
                .allSatisfy(host -> assertThat(host.resolve("mark")).doesNotExist());
        try (EventStream events = api.events(0)) {
            for (String machine : MACHINES) {
                List<String> states =
                        Await.some(
                                "all that became of " + machine,
                                PATIENCE,
                                () ->
                                        Optional.of(events.states("machine.changed", machine))
                                                .filter(all -> all.contains("removing")));
                assertThat(states).doesNotContain("unreachable");
            }
        }
    }
}
