package dev.formwork.server.agent;

import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.JobId;
import dev.formwork.agent.protocol.Report;
import dev.formwork.model.MachineId;
import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;
import dev.formwork.server.plan.Checks;
import dev.formwork.workflow.engine.Credential;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.plan.PlanRequest.CheckAnswer;
import dev.formwork.workflow.plan.Planner;
import dev.formwork.workflow.store.Store;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// Has agents run the `check`s that a plan hangs on. They are read-only and nothing of them is
/// recorded, so they go beside the core: one that is lost to a crash was merely not answered, and
/// then the plan says `may run`. Thread-safe.
public final class CheckDesk implements Checks {
    /// What the ids of its jobs begin with; the core's never do.
    private static final String PREFIX = "check-";

    /// How often it is looked whether a machine that is waited for is still there.
    private static final Duration LOOK = Duration.ofSeconds(2);

    private final Store store;
    private final Consumer<MachineId> wake;
    private final Patience patience;
    private final Map<String, Asked> open = new ConcurrentHashMap<>();

    /// Those of `open` that have not started, for each machine.
    private final Map<MachineId, Set<String>> offered = new ConcurrentHashMap<>();

    /// How long a plan waits. Those that are late gave no answer.
    ///
    /// @param silence for an agent that has checks to run and begins none; a check that has begun
    ///   may take its step's timeout
    /// @param whole for all of them
    public record Patience(Duration silence, Duration whole) {
        /// Shorter than a connection may be silent that waits for a plan.
        public static final Patience USUAL =
                new Patience(Duration.ofSeconds(45), Duration.ofMinutes(9));
    }

    private record Asked(
            MachineId machine,
            Job job,
            CompletableFuture<CheckAnswer> answer,
            Attention attention,
            AtomicBoolean begun) {
        /// Its job runs from now on, if it does not yet.
        void begin() {
            if (begun.compareAndSet(false, true)) {
                attention.began(
                        Duration.ofSeconds(job.timeoutSeconds() + job.graceSeconds()),
                        System.nanoTime());
            }
        }
    }

    /// @param wake answers the polls that a machine's agent has open
    public CheckDesk(Store store, Consumer<MachineId> wake, Patience patience) {
        this.store = store;
        this.wake = wake;
        this.patience = patience;
    }

    @Override
    public Map<NodeKey, CheckAnswer> answers(String cluster, Collection<Planner.Check> wanted) {
        Map<String, Machine> machines = new HashMap<>();
        store.machines().forEach(machine -> machines.put(machine.name(), machine));
        Map<MachineId, Attention> attentions = new HashMap<>();
        Map<NodeKey, String> asked = new HashMap<>();
        for (Planner.Check check : wanted) {
            NodeKey key = check.result().key();
            Optional.ofNullable(machines.get(key.machine().orElse(NodeKey.ENGINE)))
                    .filter(machine -> machine.state() == Machine.State.READY)
                    .ifPresent(machine -> {
                        Attention attention =
                                attentions.computeIfAbsent(
                                        machine.id(),
                                        _ -> new Attention(patience.silence, System.nanoTime()));
                        asked.put(key, ask(cluster, check, machine, attention));
                    });
        }
        try {
            return collect(asked);
        } finally {
            asked.values().forEach(this::forget);
        }
    }

    private String ask(String cluster, Planner.Check check, Machine machine, Attention attention) {
        String id = PREFIX + UUID.randomUUID();
        Job job = AgentJson.check(new JobId(id), cluster, check, patience.whole);
        open.put(
                id,
                new Asked(
                        machine.id(),
                        job,
                        new CompletableFuture<>(),
                        attention,
                        new AtomicBoolean()));
        offered.compute(
                machine.id(),
                (_, ids) -> {
                    Set<String> more = ids == null ? ConcurrentHashMap.newKeySet() : ids;
                    more.add(id);
                    return more;
                });
        wake.accept(machine.id());
        return id;
    }

    private void forget(String id) {
        Asked gone = open.remove(id);
        if (gone != null) {
            started(gone.machine, id);
        }
    }

    private void started(MachineId machine, String id) {
        offered.computeIfPresent(
                machine,
                (_, ids) -> {
                    ids.remove(id);
                    return ids.isEmpty() ? null : ids;
                });
    }

    private Map<NodeKey, CheckAnswer> collect(Map<NodeKey, String> asked) {
        long end = System.nanoTime() + patience.whole.toNanos();
        Map<NodeKey, CheckAnswer> answers = new HashMap<>();
        asked.forEach((key, id) -> {
            Asked check = open.get(id);
            if (check != null) {
                answers.put(key, awaited(check, end));
            }
        });
        return answers;
    }

    private CheckAnswer awaited(Asked check, long end) {
        while (true) {
            long now = System.nanoTime();
            long left = Math.min(end - now, check.attention.left(now));
            try {
                return left > 0
                        ? check.answer.get(Math.min(left, LOOK.toNanos()), TimeUnit.NANOSECONDS)
                        : check.answer.getNow(late(check, end - now <= 0));
            } catch (TimeoutException e) {
                if (!isReady(check.machine)) {
                    return check.answer.getNow(none("its machine is not ready any more"));
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return CheckAnswer.UNKNOWN;
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private CheckAnswer late(Asked check, boolean whole) {
        if (whole) {
            return none("a plan waits no longer than " + patience.whole.toSeconds() + " s");
        }
        return none(
                check.begun.get()
                        ? "its agent began it and did not end it"
                        : "its agent did not begin it in " + patience.silence.toSeconds() + " s");
    }

    private boolean isReady(MachineId id) {
        return store.machine(id)
                .filter(machine -> machine.state() == Machine.State.READY)
                .isPresent();
    }

    private static CheckAnswer none(String why) {
        return new CheckAnswer(CheckAnswer.Kind.UNKNOWN, why);
    }

    /// Whether a machine's agent has something to fetch here.
    public boolean waitsFor(MachineId machine) {
        return !offers(machine).isEmpty();
    }

    static boolean owns(String job) {
        return job.startsWith(PREFIX);
    }

    /// What a machine's agent is to be offered: again in each poll until it says it has started.
    List<Job> offers(MachineId machine) {
        return offered.getOrDefault(machine, Set.of()).stream()
                .map(open::get)
                .filter(Objects::nonNull)
                .map(Asked::job)
                .toList();
    }

    /// @throws ProblemException `job.unknown`
    void started(Credential agent, String job) {
        Asked asked = require(agent, job);
        asked.begin();
        started(asked.machine, job);
    }

    /// @throws ProblemException `job.unknown`: nobody waits for it any more, and the agent drops it
    void reported(Credential agent, String job, Report report) {
        Asked asked = require(agent, job);
        // One that is reported has begun, though its agent may not have come to say so.
        asked.begin();
        if (asked.answer.complete(answer(asked.job, report))) {
            asked.attention.ended(System.nanoTime());
        }
    }

    private static CheckAnswer answer(Job job, Report report) {
        return switch (report.outcome()) {
            case HOLDS -> CheckAnswer.HOLDS;
            case DOES_NOT_HOLD -> new CheckAnswer(CheckAnswer.Kind.DOES_NOT_HOLD, detail(report));
            case TIMED_OUT -> none("it took longer than " + job.timeoutSeconds() + " s");
            default ->
                    // Without a code it says no more than that there is no answer.
                    report.code() == null ? CheckAnswer.UNKNOWN : none(detail(report));
        };
    }

    private static String detail(Report report) {
        return report.detail() == null ? "" : Names.abbreviate(report.detail());
    }

    /// @throws ProblemException `job.unknown`
    void requireOpen(Credential agent, String job) {
        require(agent, job);
    }

    private Asked require(Credential agent, String job) {
        Asked asked = open.get(job);
        if (asked == null || !asked.machine.equals(agent.machine())) {
            throw ProblemException.of(
                    "job.unknown", "nobody waits for this check any more", "drop it");
        }
        return asked;
    }
}
