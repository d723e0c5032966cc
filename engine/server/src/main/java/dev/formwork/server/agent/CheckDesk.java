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
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Has agents run the `check`s that a plan hangs on. They are read-only and nothing of them is
/// recorded, so they go beside the core: one that is lost to a crash was merely not answered, and
/// then the plan says `may run`. Thread-safe.
public final class CheckDesk implements Checks {
    /// What the ids of its jobs begin with; the core's never do.
    private static final String PREFIX = "check-";

    private static final Duration LONGEST = Duration.ofSeconds(30);

    private final Store store;
    private final Consumer<MachineId> wake;
    private final Duration patience;
    private final Map<String, Asked> open = new ConcurrentHashMap<>();

    /// Those of `open` that have not started, for each machine.
    private final Map<MachineId, Set<String>> offered = new ConcurrentHashMap<>();

    private record Asked(MachineId machine, Job job, CompletableFuture<CheckAnswer> answer) {}

    /// @param wake answers the polls that a machine's agent has open
    /// @param patience how long a plan waits for all its checks; those that are late gave no answer
    public CheckDesk(Store store, Consumer<MachineId> wake, Duration patience) {
        this.store = store;
        this.wake = wake;
        this.patience = patience;
    }

    @Override
    public Map<NodeKey, CheckAnswer> answers(String cluster, Collection<Planner.Check> wanted) {
        Map<String, Machine> machines = new HashMap<>();
        store.machines().forEach(machine -> machines.put(machine.name(), machine));
        Map<NodeKey, String> asked = new HashMap<>();
        for (Planner.Check check : wanted) {
            NodeKey key = check.result().key();
            Optional.ofNullable(machines.get(key.machine().orElse(NodeKey.ENGINE)))
                    .filter(machine -> machine.state() == Machine.State.READY)
                    .ifPresent(machine -> asked.put(key, ask(cluster, check, machine)));
        }
        try {
            return collect(asked);
        } finally {
            asked.values().forEach(this::forget);
        }
    }

    private String ask(String cluster, Planner.Check check, Machine machine) {
        String id = PREFIX + UUID.randomUUID();
        Job job = AgentJson.check(new JobId(id), cluster, check, LONGEST);
        open.put(id, new Asked(machine.id(), job, new CompletableFuture<>()));
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
        long deadline = System.nanoTime() + patience.toNanos();
        Map<NodeKey, CheckAnswer> answers = new HashMap<>();
        asked.forEach((key, id) -> {
            Asked check = open.get(id);
            if (check != null) {
                long left = Math.max(0, deadline - System.nanoTime());
                answers.put(
                        key,
                        check.answer
                                .completeOnTimeout(CheckAnswer.UNKNOWN, left, TimeUnit.NANOSECONDS)
                                .join());
            }
        });
        return answers;
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
        started(require(agent, job).machine, job);
    }

    /// @throws ProblemException `job.unknown`: nobody waits for it any more, and the agent drops it
    void reported(Credential agent, String job, Report report) {
        require(agent, job)
                .answer
                .complete(
                        switch (report.outcome()) {
                            case HOLDS -> CheckAnswer.HOLDS;
                            case DOES_NOT_HOLD ->
                                    new CheckAnswer(CheckAnswer.Kind.DOES_NOT_HOLD, detail(report));
                            default ->
                                    // Without a code it says no more than that there is no answer.
                                    report.code() == null
                                            ? CheckAnswer.UNKNOWN
                                            : new CheckAnswer(
                                                    CheckAnswer.Kind.UNKNOWN, detail(report));
                        });
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
