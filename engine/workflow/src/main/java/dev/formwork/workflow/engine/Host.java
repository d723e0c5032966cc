package dev.formwork.workflow.engine;

import dev.formwork.model.JobId;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.run.JobRecord;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A machine, with who waits for it and what it does.
final class Host {
    /// How many jobs that are over are remembered: those before are unknown, which ends them too.
    private static final int REMEMBERED = 8;

    /// How many jobs of steps with `parallel: true` run on a machine at a time.
    private static final int MOST_BESIDE = 16;

    /// A job that is over.
    ///
    /// @param accepted its report was taken; else it was fenced off
    record Closed(NodeRef node, long token, boolean accepted) {}

    Machine machine;

    /// From when on the agent's lease counts: its last call, or that of the engine's start.
    Instant lastSeen;

    /// The agent's last call since the core was loaded; the record's is only as new as its last
    /// change.
    Optional<Instant> called = Optional.empty();

    /// When the agent was asked to call, since something says that the machine has booted anew.
    Optional<Instant> askedToCall = Optional.empty();

    /// When to look next whether the agent still calls.
    Optional<Instant> leaseEnd = Optional.empty();

    final Calls calls = new Calls();

    /// Nodes that want a job here.
    final Map<NodeRef, Waiting> queue = new LinkedHashMap<>();

    /// BOOT nodes that wait for the agent.
    final Set<NodeRef> boots = new LinkedHashSet<>();

    /// The node that has it made or removed.
    Optional<NodeRef> maker = Optional.empty();

    /// How often it was tried to clean it for its pool, since the core was loaded.
    int cleanings;

    final Map<JobId, OpenJob> jobs = new LinkedHashMap<>();
    final Map<JobId, Closed> closed = new LinkedHashMap<>();

    /// The journal of the agent, as of its last poll.
    Map<JobId, Long> named = Map.of();

    /// Strangers that the agent was told to end, and when.
    final Map<JobId, Instant> toldToEnd = new LinkedHashMap<>();

    private final int slots;
    private final Lane lane = new Lane(this, false);
    private final Lane beside = new Lane(this, true);

    Host(Machine machine, Instant lastSeen, int slots) {
        this.machine = machine;
        this.lastSeen = lastSeen;
        this.slots = slots;
    }

    boolean isEngine() {
        return machine.isEngine();
    }

    /// The agent calls and may be given work.
    boolean reachable() {
        return machine.state() == Machine.State.READY;
    }

    /// Whether the agent was asked to call and has not since.
    boolean isToCall() {
        return askedToCall.isPresent()
                && called.filter(at -> at.isAfter(askedToCall.get())).isEmpty();
    }

    void remember(JobId job, Closed over) {
        closed.put(job, over);
        if (closed.size() > REMEMBERED * slots) {
            closed.remove(closed.keySet().iterator().next());
        }
    }

    /// The line in which a node waits.
    ///
    /// @param parallel it may run beside others; on the engine every node does
    Lane lane(boolean parallel) {
        return parallel && !isEngine() ? beside : lane;
    }

    List<Lane> lanes() {
        return isEngine() ? List.of(lane) : List.of(lane, beside);
    }

    /// How many more jobs it may be given. What it runs that is no open job any more counts too,
    /// until it has ended that: an attempt never runs beside another one of its node.
    int free(boolean parallel) {
        int strangers = strangers().size();
        if (isEngine()) {
            return slots - jobs.size() - strangers;
        }
        if (jobs.values().stream().anyMatch(job -> job.state() == JobRecord.State.REBOOTING)) {
            return 0;
        }
        int others = (int) jobs.values().stream().filter(job -> job.parallel).count();
        if (parallel) {
            return strangers > 0 ? 0 : MOST_BESIDE - others;
        }
        return slots - (jobs.size() - others) - strangers;
    }

    /// Jobs that the agent runs though the engine has fenced them off or does not know them.
    List<JobId> strangers() {
        return named.keySet().stream()
                .filter(job -> !jobs.containsKey(job))
                .filter(job -> {
                    Closed over = closed.get(job);
                    return over == null || !over.accepted();
                })
                .toList();
    }

    /// Why a node that waits here does; empty where there is room.
    String waiting(boolean parallel) {
        Machine.State state = machine.state();
        return switch (state) {
            case REQUESTED -> machine.name() + " is being made";
            case BOOTING -> "the agent of " + machine.name() + " has not registered yet";
            case HELD -> machine.name() + " is held until somebody approves it";
            case UNREACHABLE ->
                    "the agent of " + machine.name() + " has not called since " + lastSeen;
            case GONE -> machine.name() + " is gone";
            case REMOVING -> machine.name() + " is being removed";
            case READY -> free(parallel) > 0 ? "" : busy(parallel);
        };
    }

    private String busy(boolean parallel) {
        return occupant(parallel)
                .map(job ->
                        machine.name()
                                + " is busy with "
                                + job.record.key()
                                + " of run "
                                + job.record.run())
                .orElse(machine.name() + " still ends a job that was given up");
    }

    /// The job that a node waits for which finds no room here.
    Optional<OpenJob> occupant(boolean parallel) {
        return jobs.values().stream()
                .filter(job ->
                        isEngine()
                                || job.parallel == parallel
                                || job.state() == JobRecord.State.REBOOTING)
                .findFirst();
    }

    /// Whose turn it is; empty where nobody waits for whom there is room.
    Optional<Waiting> next() {
        return lanes().stream().flatMap(each -> each.next().stream()).min(Waiting::compareTo);
    }
}
