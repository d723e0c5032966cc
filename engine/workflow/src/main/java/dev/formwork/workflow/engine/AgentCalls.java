package dev.formwork.workflow.engine;

import dev.formwork.model.JobId;
import dev.formwork.model.MachineId;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.run.JobRecord;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/// What agents say, and what they are told.
final class AgentCalls {
    private final EngineState engine;

    AgentCalls(EngineState engine) {
        this.engine = engine;
    }

    Reply call(Batch batch, Input.FromAgent call) {
        Optional<Host> host = engine.fleet.authenticated(call.agent());
        if (host.isEmpty()) {
            return Fleet.unauthorized();
        }
        return switch (call) {
            case Input.Authenticate _ -> new Reply.Done();
            case Input.Poll poll -> poll(batch, host.get(), poll);
            case Input.Started started -> started(batch, host.get(), started);
            case Input.Reported report -> reported(batch, host.get(), report);
            case Input.LogReceived piece -> log(batch, host.get(), piece);
            case Input.FactsReported(_, var facts) -> {
                engine.fleet.facts(batch, host.get(), facts);
                yield new Reply.Done();
            }
        };
    }

    Reply introduced(String bootTokenHash) {
        return engine.fleet.isBootToken(bootTokenHash) ? new Reply.Done() : Fleet.unauthorized();
    }

    Reply register(Batch batch, Input.Register call) {
        Reply reply = engine.fleet.register(batch, call);
        if (reply instanceof Reply.Registered(MachineId machine, _)) {
            Host host = engine.fleet.host(machine);
            if (host != null) {
                contact(batch, host, call.bootId());
            }
        }
        return reply;
    }

    private Reply poll(Batch batch, Host host, Input.Poll poll) {
        if (host.calls.isLate(poll.bootId()) || host.calls.isOld(poll.number())) {
            return new Reply.Polled(List.of(), List.of(), false);
        }
        contact(batch, host, poll.bootId());
        Jobs.Comparison comparison = engine.jobs.compare(host, poll.running());
        for (OpenJob job : comparison.begun()) {
            engine.herald.started(batch, job);
        }
        for (OpenJob job : comparison.lost()) {
            engine.herald.lost(batch, job);
        }
        return answer(batch, host, comparison.askAgain());
    }

    Reply repoll(Batch batch, MachineId machine) {
        Host host = engine.fleet.host(machine);
        return host == null
                ? new Reply.Polled(List.of(), List.of(), true)
                : answer(batch, host, false);
    }

    /// Hands out what the machine has room for.
    private Reply answer(Batch batch, Host host, boolean askAgain) {
        engine.lines.look(batch, host);
        Optional<Waiting> next = host.next();
        while (host.reachable() && next.isPresent()) {
            engine.herald.handOut(batch, next.get());
            next = host.next();
        }
        return engine.jobs.answer(batch.now(), host, askAgain);
    }

    /// The agent calls: whatever waited for that goes on.
    void contact(Batch batch, Host host, String bootId) {
        Machine before = host.machine;
        boolean wasReachable = host.reachable();
        engine.fleet.contact(batch, host, bootId);
        if (!before.bootId().equals(host.machine.bootId())) {
            before.bootId().ifPresent(host.calls::left);
            rebooted(batch, host);
        }
        if (host.reachable() && (!wasReachable || !host.boots.isEmpty())) {
            reachable(batch, host);
        }
    }

    void reachable(Batch batch, Host host) {
        for (NodeRef node : List.copyOf(host.boots)) {
            engine.herald.booted(batch, host, node);
        }
        if (!host.queue.isEmpty()) {
            batch.effect(new Effect.WakeAgent(host.machine.id()));
        }
        engine.lines.reconsider(batch, host);
    }

    private Reply started(Batch batch, Host host, Input.Started call) {
        OpenJob job = open(host, call.job());
        if (job == null) {
            return over(host, call.job());
        }
        if (!current(job, call.token()) || call.phase() != job.record.phase()) {
            return call.token() == job.record.token() && call.phase() < job.record.phase()
                    ? new Reply.Done()
                    : Jobs.fenced(call.job());
        }
        engine.herald.started(batch, job);
        return new Reply.Done();
    }

    private Reply reported(Batch batch, Host host, Input.Reported report) {
        OpenJob job = open(host, report.job());
        if (job == null) {
            return closed(host, report.job(), report.token());
        }
        if (!current(job, report.token()) || report.phase() > job.record.phase()) {
            return Jobs.fenced(report.job());
        }
        if (report.phase() < job.record.phase()) {
            return new Reply.Done();
        }
        boolean earlier = host.calls.isLate(report.bootId());
        if (!earlier) {
            contact(batch, host, report.bootId());
        }
        Reply reply = engine.herald.reported(batch, job, report);
        if (earlier) {
            rebooted(batch, host);
        }
        return reply;
    }

    private Reply log(Batch batch, Host host, Input.LogReceived piece) {
        OpenJob job = open(host, piece.job());
        if (job == null) {
            return over(host, piece.job());
        }
        return current(job, piece.token())
                ? engine.jobs.log(batch, job, piece)
                : Jobs.fenced(piece.job());
    }

    private boolean current(OpenJob job, long token) {
        return engine.safeguards.current(token, job.record.token());
    }

    /// The open job that a message is about. Every node has one job at a time, so that a message
    /// about an older one is about the same node; its token tells.
    private @Nullable OpenJob open(Host host, JobId id) {
        OpenJob job = host.jobs.get(id);
        if (job != null) {
            return job;
        }
        Host.Closed over = host.closed.get(id);
        OpenJob successor = over == null ? null : engine.jobs.of(over.node());
        boolean stale =
                over != null
                        && successor != null
                        && successor.host == host
                        && engine.safeguards.current(over.token(), successor.record.token());
        return stale ? successor : null;
    }

    /// What is over is not begun again.
    private static Reply over(Host host, JobId id) {
        return host.closed.containsKey(id) ? Jobs.fenced(id) : Jobs.unknown(id);
    }

    /// Only the report that was accepted is so again.
    private static Reply closed(Host host, JobId id, long token) {
        Host.Closed over = host.closed.get(id);
        if (over == null) {
            return Jobs.unknown(id);
        }
        return over.accepted() && over.token() == token ? new Reply.Done() : Jobs.fenced(id);
    }

    /// The machine calls from another boot: what waited for that goes on.
    private void rebooted(Batch batch, Host host) {
        for (OpenJob job : List.copyOf(host.jobs.values())) {
            if (job.state() == JobRecord.State.REBOOTING) {
                engine.herald.rebooted(batch, job);
            }
        }
    }
}
