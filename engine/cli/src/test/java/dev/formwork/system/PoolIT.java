package dev.formwork.system;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Two clusters and a pool of three machines, with the program, an engine and agents as processes:
/// the second waits, and gets what the first gives back, though the engine is killed meanwhile.
class PoolIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir private Path root;
    @TempDir private Path data;
    private EngineProcess engine;

    @BeforeEach
    void begin() throws IOException {
        engine = new EngineProcess(data).start(EngineOptions.USUAL);
        write("pack.yaml", "{kind: Pack, name: pools, version: 1.0.0}");
        write(
                "say/module.yaml",
                """
                kind: Task
                name: say
                version: 1.0.0
                inputs: {folder: {type: string}}
                run: echo "+$FORMWORK_MACHINE" >>"$INPUT_FOLDER/said"
                undo: echo "-$FORMWORK_MACHINE" >>"$INPUT_FOLDER/said"
                """);
        write(
                "speech/module.yaml",
                """
                kind: Workflow
                name: speech
                version: 1.0.0
                groups: [nodes]
                inputs: {folder: {type: string}}
                steps: {say: {on: nodes, uses: say, with: {folder: "${{ inputs.folder }}"}}}
                """);
        write(
                "pool.yaml",
                """
                kind: Pool
                name: metal
                make: {provider: local, most: 3}
                clean: power-off
                """);
        cluster("red", 2);
        cluster("blue", 2);
    }

    private void cluster(String name, int count) throws IOException {
        write(
                name + ".yaml",
                """
                kind: Cluster
                name: %s
                workflow: speech
                groups: {nodes: {count: %d, pool: metal}}
                with: {folder: "%s"}
                """
                        .formatted(name, count, root));
    }

    @AfterEach
    void endAll() {
        engine.close();
    }

    @Test
    void theSecondClusterWaitsAndGetsWhatTheFirstGivesBack()
            throws IOException, InterruptedException {
        refuses("provider.unknown", "make: {provider: locla, most: 1}");
        refuses("module.unknown", "make: {provider: local, most: 1}\nclean: {run: wipe}");
        refuses("yaml.unknown-key", "maek: {provider: local, most: 1}");
        formwork("pool", "apply", "pool.yaml");
        assertThat(formwork("plan", "red.yaml"))
                .contains("+ allocate", "one of metal, or made by local", "2 machines to allocate");
        formwork("apply", "red.yaml", "--yes");
        assertThat(counts()).isEqualTo(Map.of("taken", 2));

        formwork("apply", "blue.yaml", "--yes", "--detach");
        String blue = engine.api().runs("blue").getFirst().id();
        awaitWaiting("blue-nodes-1");
        assertThat(formwork("explain", blue, "machine:allocate@blue-nodes-1"))
                .contains("no machine of pool metal that would do is free", "2 taken by red");

        engine.kill();
        engine.start(EngineOptions.USUAL);
        awaitWaiting("blue-nodes-1");
        List<String> ofRed =
                engine.api().cluster("red").members().stream()
                        .map(Answer.Cluster.Member::machine)
                        .toList();
        formwork("destroy", "red", "--yes", "--detach");
        engine.kill();
        engine.start(EngineOptions.USUAL);

        assertThat(engine.api().awaitEnd(blue, PATIENCE).state()).isEqualTo("succeeded");
        String destroyed = engine.api().runs("red").getFirst().id();
        assertThat(engine.api().awaitEnd(destroyed, PATIENCE).state()).isEqualTo("succeeded");
        assertThat(ofRed).contains(engine.api().machine("blue-nodes-1").id());
        assertThat(said())
                .containsExactlyInAnyOrder(
                        "+red-nodes-0",
                        "+red-nodes-1",
                        "-red-nodes-0",
                        "-red-nodes-1",
                        "+blue-nodes-0",
                        "+blue-nodes-1");
        awaitCounts(Map.of("taken", 2, "free", 1));
        assertThat(formwork("plan", "blue.yaml")).contains("Nothing to do");

        assertThat(
                        formwork(
                                "pool", "reserve", "metal", "--count", "1", "--for", "green",
                                "--until", "1h"))
                .contains("reserved", "for green until");
        formwork("pool", "unreserve", "metal", "--for", "green");
        formwork("destroy", "blue", "--yes");
        awaitCounts(Map.of("free", 3));
        assertThat(formwork("pool", "show", "metal")).contains("has made 3", "switched off");
        assertThat(formwork("pool", "list")).contains("metal", "3 free");

        for (JsonNode machine : pool().path("machines")) {
            formwork("pool", "delete", "metal", machine.path("name").asString());
        }
        awaitCounts(Map.of());
        assertThat(formwork("pool", "drop", "metal")).contains("metal is forgotten");
    }

    private void refuses(String code, String rest) throws IOException {
        write("wrong.yaml", "kind: Pool\nname: metal\n" + rest + "\n");
        assertThat(CliProcess.run(1, engine.data(), root, "pool", "apply", "wrong.yaml"))
                .contains(code);
    }

    @Test
    void aMachineThatComesBackIsWipedOnceBeforeTheNextGetsIt()
            throws IOException, InterruptedException {
        write(
                "wipe/module.yaml",
                """
                kind: Task
                name: wipe
                version: 1.0.0
                inputs: {folder: {type: string, default: "%s"}}
                run: echo "wiped $FORMWORK_MACHINE" >>"$INPUT_FOLDER/said"
                """
                        .formatted(root));
        write(
                "pool.yaml",
                """
                kind: Pool
                name: metal
                make: {provider: local, most: 1}
                clean: {run: wipe}
                """);
        cluster("red", 1);
        cluster("blue", 1);
        EngineOptions options = EngineOptions.USUAL.withPack(root);
        engine.kill();
        engine.start(options);
        formwork("pool", "apply", "pool.yaml");
        formwork("apply", "red.yaml", "--yes");
        formwork("apply", "blue.yaml", "--yes", "--detach");
        formwork("destroy", "red", "--yes", "--detach");
        engine.kill();
        engine.start(options);

        String blue = engine.api().runs("blue").getFirst().id();
        assertThat(engine.api().awaitEnd(blue, PATIENCE).state()).isEqualTo("succeeded");
        String own = pool().at("/machines/0/name").asString();
        assertThat(own).startsWith("metal-");
        assertThat(said())
                .containsExactly("+red-nodes-0", "-red-nodes-0", "wiped " + own, "+blue-nodes-0");
        formwork("replay", blue);
    }

    private void awaitWaiting(String member) {
        Await.until(
                member + " waits",
                PATIENCE,
                () ->
                        pool().path("waiting").size() == 1
                                && pool().at("/waiting/0/member").asString().equals(member));
    }

    private void awaitCounts(Map<String, Integer> counts) {
        Await.until("the pool has " + counts, PATIENCE, () -> counts().equals(counts));
    }

    private Map<String, Integer> counts() {
        Map<String, Integer> counts = new TreeMap<>();
        pool().path("counts")
                .properties()
                .forEach(each -> counts.put(each.getKey(), each.getValue().asInt()));
        return counts;
    }

    private JsonNode pool() {
        return JsonMapper.shared().readTree(formwork("pool", "show", "metal", "-o", "json"));
    }

    private List<String> said() throws IOException {
        return Files.readAllLines(root.resolve("said"), StandardCharsets.UTF_8);
    }

    private String formwork(String... arguments) {
        return CliProcess.run(0, engine.data(), root, arguments);
    }

    private void write(String file, String text) throws IOException {
        Path path = root.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, text);
    }
}
