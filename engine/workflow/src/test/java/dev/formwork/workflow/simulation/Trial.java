package dev.formwork.workflow.simulation;

import org.jspecify.annotations.Nullable;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a test makes of a seed: a world in which nothing goes wrong, the same with faults, and what
/// is the matter with them.
///
/// @param test the method of [SimulationTest] that does this
/// @param bug of the world with faults
record Trial(String test, Chaos chaos, SeededBug bug) {
    static final String SEED = "formwork.seed";
    static final String BUG = "formwork.bug";

    /// @param failure what is wrong, and how to see it again
    /// @param comparison of the ends of the two worlds, where both came to theirs
    /// @param fates how transactions of the store ended
    record Verdict(
            Optional<String> failure,
            Optional<Ending.Comparison> comparison,
            Set<SimulatedStore.Fate> fates,
            boolean restored) {
        /// Whether everything had to end as without faults.
        boolean strict() {
            return comparison.filter(it -> it.apart() == 0).isPresent();
        }
    }

    /// With the bug that is asked for, if one is.
    static Trial of(String test, Chaos chaos, @Nullable String bug) {
        return new Trial(test, chaos, bug == null ? SeededBug.NONE : SeededBug.valueOf(bug));
    }

    String replay(long seed) {
        return "./mvnw -o -pl engine/workflow -am test -Dtest=SimulationTest#"
                + test
                + " -Dsurefire.failIfNoSpecifiedTests=false -D"
                + SEED
                + "="
                + seed
                + (bug == SeededBug.NONE ? "" : " -D" + BUG + "=" + bug);
    }

    Verdict judge(long seed) {
        try {
            Simulation calm = new Simulation(seed, Chaos.CALM, SeededBug.NONE);
            List<String> calmly = calm.run();
            if (!calmly.isEmpty()) {
                return failed(seed, "without faults " + calmly);
            }
            Simulation storm = new Simulation(seed, chaos, bug);
            List<String> violations = storm.run();
            if (!violations.isEmpty()) {
                return failed(seed, violations.toString());
            }
            Ending.Comparison ends = new Ending(calm).with(new Ending(storm));
            return new Verdict(
                    ends.differences().isEmpty()
                            ? Optional.empty()
                            : Optional.of(told(seed, ends.differences().toString())),
                    Optional.of(ends),
                    storm.store().fates(),
                    storm.restored());
        } catch (RuntimeException | Error e) {
            return failed(seed, Simulation.stack(e));
        }
    }

    private Verdict failed(long seed, String what) {
        return new Verdict(
                Optional.of(told(seed, what)),
                Optional.empty(),
                EnumSet.noneOf(SimulatedStore.Fate.class),
                false);
    }

    private String told(long seed, String what) {
        return "seed " + seed + ": " + what + "; replay: " + replay(seed);
    }

    /// All that happened in the world of a seed: the one without faults where that fails already.
    List<String> story(long seed) {
        boolean calm = new Simulation(seed, Chaos.CALM, SeededBug.NONE).run().isEmpty();
        return (calm
                        ? new Simulation(seed, chaos, bug)
                        : new Simulation(seed, Chaos.CALM, SeededBug.NONE))
                .traced();
    }
}
