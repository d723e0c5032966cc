package dev.formwork.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// `formwork run`: one module on machines that stand, which is a plan like any other and leaves
/// their cluster as it was.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModuleRunIT {
    private static final String NAME = "many";
    private static final Duration TO_APPLY = Duration.ofMinutes(2);

    @TempDir private static Path folder;
    private EngineProcess engine;
    private ApiClient api;
    private String yaml;
    private String pack;

    @BeforeAll
    void formACluster() {
        engine = new EngineProcess(folder.resolve("data")).start(EngineOptions.USUAL);
        api = engine.api();
        pack = TracePack.upload(api);
        yaml =
                TracePack.cluster(
                        NAME, "chain", 2, Map.of("journal", folder.resolve("cluster.journal")));
        Answer.Run run = api.awaitEnd(api.start(api.planApply(yaml, List.of(pack))).id(), TO_APPLY);
        assertThat(run.state()).as(run.reason()).isEqualTo("succeeded");
    }

    @AfterAll
    void endAll() {
        engine.close();
    }

    @Test
    void runsOnTheMachinesThatAnExpressionPicksAndLeavesTheirClusterAlone() {
        Path journal = folder.resolve("where.journal");

        Answer.Plan plan =
                plan("trace/again", Map.of("where", "machine.name == 'many-nodes-1'"), journal);
        assertThat(plan.changing()).singleElement().asString().endsWith("@many-nodes-1");
        assertThat(plan.summary().create()).isZero();
        Answer.Run run = api.awaitEnd(api.start(plan).id(), TO_APPLY);

        assertThat(run.state()).as(run.reason()).isEqualTo("succeeded");
        assertThat(TracePack.journal(journal)).singleElement().asString().endsWith("@many-nodes-1");
        assertThat(TracePack.numbered(api.logText(run.id(), plan.changing().getFirst())))
                .isEqualTo(TracePack.numberedLines());
        assertThat(api.machine("many-nodes-1").cluster()).contains(NAME);
        assertThat(api.planApply(yaml, List.of(pack)).summary().empty()).isTrue();
        assertThat(api.cluster(NAME).members()).hasSize(2);
    }

    @Test
    void runsEachTimeItIsAskedTo() {
        Path journal = folder.resolve("names.journal");
        Map<String, Object> both = Map.of("machines", List.of("many-nodes-0", "many-nodes-1"));

        for (int i = 1; i <= 2; i++) {
            Answer.Plan plan = plan("trace/again", both, journal);
            assertThat(plan.changing()).hasSize(2);
            Answer.Run run = api.awaitEnd(api.start(plan).id(), TO_APPLY);
            assertThat(run.state()).as(run.reason()).isEqualTo("succeeded");
            assertThat(TracePack.journal(journal)).hasSize(2 * i);
        }
    }

    @Test
    void whatCannotRunIsToldBeforehand() {
        Path journal = folder.resolve("none.journal");

        ApiProblem misspelt =
                refusal("trace/agian", Map.of("machines", List.of("many-nodes-0")), journal);
        assertThat(misspelt.code()).isEqualTo("module.unknown");
        assertThat(misspelt.hint()).contains("trace/again");
        ApiProblem nowhere =
                refusal("trace/again", Map.of("where", "machine.name == 'nobody'"), journal);
        assertThat(nowhere.code()).isEqualTo("run.no-machines");
        assertThat(nowhere.hint()).isNotEmpty();
        ApiProblem stranger =
                refusal("trace/again", Map.of("machines", List.of("many-nodes-9")), journal);
        assertThat(stranger.code()).isEqualTo("machine.unknown");
        assertThat(stranger.hint()).contains("many-nodes-");
    }

    private Answer.Plan plan(String module, Map<String, Object> where, Path journal) {
        Map<String, Object> wish = new HashMap<>(where);
        wish.put("kind", "module");
        wish.put("module", module);
        wish.put("with", Map.of("journal", journal.toString()));
        wish.put("packs", List.of(pack));
        return api.plan(wish);
    }

    private ApiProblem refusal(String module, Map<String, Object> where, Path journal) {
        return Optional.ofNullable(
                        catchThrowableOfType(ApiProblem.class, () -> plan(module, where, journal)))
                .orElseThrow(() -> new AssertionError("it was planned"));
    }
}
