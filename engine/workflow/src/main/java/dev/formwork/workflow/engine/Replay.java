package dev.formwork.workflow.engine;

import dev.formwork.model.ProblemException;
import dev.formwork.model.RunId;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.store.Store;
import dev.formwork.workflow.tape.TapeEntry;
import dev.formwork.workflow.tape.Told;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Goes through a run that has ended once more, in a dry engine: a fresh core on a store in memory
/// hears what the run was told, at the same times, and must come to the same states. Nothing is
/// done to any machine.
public final class Replay {
    private static final Instant NEVER = Instant.MAX;

    private final Store store;
    private final EngineParts parts;
    private final Safeguards safeguards;

    /// @param parts of the engine; its plans are asked for the run's
    public Replay(Store store, EngineParts parts) {
        this(store, parts, Safeguards.STRICT);
    }

    Replay(Store store, EngineParts parts, Safeguards safeguards) {
        this.store = store;
        this.parts = parts;
        this.safeguards = safeguards;
    }

    /// Where the two do not agree.
    ///
    /// @param of a node's key, or the run's id
    /// @param recorded what is stored, in words
    /// @param replayed what the dry engine came to
    /// @param at when the one or the other got there, what is earlier
    /// @param after what the run was told then, in words
    public record Difference(
            String of, String recorded, String replayed, Optional<Instant> at, String after) {}

    /// What came of it.
    ///
    /// @param entries how many things the run was told
    /// @param differences in the order in which they came about
    public record Outcome(RunId run, long entries, List<Difference> differences) {
        public Outcome {
            differences = List.copyOf(differences);
        }

        public boolean isEqual() {
            return differences.isEmpty();
        }
    }

    /// @throws ProblemException `run.unknown`, `replay.run-open`, `replay.not-recorded`, and what
    ///   keeps the plan from being compiled, or the tape from being read
    public Outcome of(RunId id) {
        RunRecord run =
                store.run(id)
                        .orElseThrow(() ->
                                ProblemException.of(
                                        "run.unknown",
                                        "there is no run " + id,
                                        "`formwork runs` lists them"));
        if (!run.state().ended()) {
            throw ProblemException.of(
                    "replay.run-open", "run " + id + " has not ended", "wait for it, or cancel it");
        }
        DryEngine engine =
                new DryEngine(
                        run,
                        parts.plans().compiled(run.planDigest()),
                        found(run),
                        parts,
                        safeguards);
        Listening listening = new Listening(engine);
        store.tape(id, listening::play);
        if (!listening.began) {
            throw ProblemException.of(
                    "replay.not-recorded",
                    "what run " + id + " was told was not put down",
                    "runs that began before the engine did so cannot be replayed");
        }
        List<Difference> differences = differences(run, engine);
        if (!differences.isEmpty()) {
            differences = explained(id, differences);
        }
        return new Outcome(id, listening.entries, differences);
    }

    /// Plays a tape, and counts.
    private static final class Listening {
        private final DryEngine engine;
        private long entries;
        private boolean began;

        private Listening(DryEngine engine) {
            this.engine = engine;
        }

        private void play(TapeEntry entry) {
            entries++;
            began |= entry.told() instanceof Told.Began;
            engine.play(entry);
        }
    }

    /// The results of the cluster when the run began: those of today, but for what it and later
    /// runs have made of them.
    private List<StepResult> found(RunRecord run) {
        Map<NodeKey, StepResult> found = new HashMap<>();
        store.results(run.cluster()).forEach(result -> found.put(result.key(), result));
        for (RunRecord later : store.runs(Optional.of(run.cluster()), Integer.MAX_VALUE)) {
            found.values().removeIf(result -> result.run().equals(later.id()));
            store.replaced(later.id()).forEach(before -> found.put(before.key(), before));
            if (later.id().equals(run.id())) {
                break;
            }
        }
        return List.copyOf(found.values());
    }

    private List<Difference> differences(RunRecord run, DryEngine engine) {
        Map<NodeKey, NodeRecord> recorded = byKey(store.nodes(run.id()));
        Map<NodeKey, NodeRecord> replayed = byKey(engine.store().nodes(run.id()));
        List<Difference> differences = new ArrayList<>();
        Map<NodeKey, NodeRecord> all = new LinkedHashMap<>(recorded);
        replayed.forEach(all::putIfAbsent);
        for (NodeKey key : all.keySet()) {
            NodeRecord one = recorded.get(key);
            NodeRecord other = replayed.get(key);
            if (!words(one).equals(words(other)) || !ended(one).equals(ended(other))) {
                differences.add(
                        new Difference(
                                key.toString(),
                                words(one),
                                words(other),
                                earlier(ended(one), ended(other)),
                                ""));
            }
        }
        RunRecord again = engine.store().run(run.id()).orElse(null);
        if (!words(run).equals(words(again))) {
            differences.add(
                    new Difference(run.id().value(), words(run), words(again), run.endedAt(), ""));
        }
        differences.sort(
                Comparator.comparing((Difference it) -> it.at().orElse(NEVER))
                        .thenComparing(it -> it.of().equals(run.id().value()))
                        .thenComparing(Difference::of));
        return differences;
    }

    /// Finds for each what the run was told at that time.
    private List<Difference> explained(RunId run, List<Difference> differences) {
        Map<Instant, String> told = new HashMap<>();
        differences.forEach(each -> each.at().ifPresent(at -> told.put(at, "")));
        store.tape(
                run,
                entry ->
                        told.computeIfPresent(
                                entry.at(),
                                (_, words) ->
                                        words.isEmpty() || words.length() > 200
                                                ? words + words(entry.told())
                                                : words + "; " + words(entry.told())));
        return differences.stream()
                .map(each ->
                        new Difference(
                                each.of(),
                                each.recorded(),
                                each.replayed(),
                                each.at(),
                                each.at().map(at -> told.getOrDefault(at, "")).orElse("")))
                .toList();
    }

    private static Map<NodeKey, NodeRecord> byKey(List<NodeRecord> nodes) {
        Map<NodeKey, NodeRecord> byKey = new LinkedHashMap<>();
        nodes.forEach(node -> byKey.put(node.key(), node));
        return byKey;
    }

    private static Optional<Instant> ended(@Nullable NodeRecord node) {
        return node == null
                ? Optional.empty()
                : node.endedAt().map(at -> at.truncatedTo(ChronoUnit.MICROS));
    }

    private static Optional<Instant> earlier(Optional<Instant> one, Optional<Instant> other) {
        return one.isEmpty() || (other.isPresent() && other.get().isBefore(one.get()))
                ? other
                : one;
    }

    /// What two replays must agree on: reasons are words, and may name what else the engine did.
    /// What is blocked and says no more is not stored by all.
    private static String words(@Nullable NodeRecord node) {
        if (node == null) {
            return NodeState.BLOCKED.word();
        }
        return node.state().word()
                + node.code().map(code -> " (" + code + ")").orElse("")
                + (node.attempt() == 0 ? "" : ", attempt " + node.attempt())
                + (node.iteration() == 0 ? "" : ", iteration " + node.iteration())
                + node.job().map(job -> ", job " + job).orElse("")
                + (node.token() == 0 ? "" : ", token " + node.token());
    }

    private static String words(@Nullable RunRecord run) {
        return run == null
                ? "not begun"
                : run.state().word() + run.code().map(code -> " (" + code + ")").orElse("");
    }

    private static String words(Told told) {
        String what =
                told.getClass()
                        .getSimpleName()
                        .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
                        .toLowerCase(Locale.ROOT);
        return switch (told) {
            case Told.Found(var machine) -> what + " " + machine.name();
            case Told.Lacks(var machine) -> what + " machine " + machine;
            case Told.Reported report -> what + " " + report.outcome() + ": " + report.node();
            case Told.OfNode about -> what + ": " + about.node();
            case Told.Anew _,
                    Told.Began _,
                    Told.Recovered _,
                    Told.Granted _,
                    Told.RunOverdue _,
                    Told.Cancelled _,
                    Told.Paused _,
                    Told.Resumed _,
                    Told.Retried _ ->
                    what;
        };
    }
}
