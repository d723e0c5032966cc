package dev.formwork.workflow.engine;

import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.Machine.State;
import dev.formwork.workflow.machine.Pooled;
import dev.formwork.workflow.membership.Member;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeState;

import java.time.Instant;
import java.util.Optional;

/// ALLOCATE and RELEASE nodes of a run: its part in taking a machine from a pool, and in giving it
/// back. Who gets which is [PoolLine]'s affair.
final class PoolNodes {
    private final EngineState engine;
    private final RunCore run;
    private final MachineNodes machines;

    PoolNodes(EngineState engine, RunCore run, MachineNodes machines) {
        this.engine = engine;
        this.run = run;
        this.machines = machines;
    }

    private String name(int node) {
        return run.graph().planned(node).key().machine().orElseThrow();
    }

    private NodeRecord record(int node) {
        return run.graph().record(node);
    }

    /// Wants a machine of its pool: gets in line, unless it has one already.
    void allocate(Batch batch, int node) {
        Optional<Member> member = run.members().wantedMember(name(node));
        if (member.isEmpty() || member.get().pool().isEmpty()) {
            run.fail(batch, node, "machine.unknown", "the plan has no pool for " + name(node));
            return;
        }
        Optional<Host> known = run.members().wantedHost(name(node));
        if (known.isPresent() && known.get().machine.state() == State.GONE) {
            machines.forget(batch, known.get());
            known = Optional.empty();
        }
        if (known.isEmpty()) {
            NodeRecord.Place place =
                    record(node)
                            .place()
                            .orElse(new NodeRecord.Place(batch.now(), Optional.empty()));
            String why = "waits for a machine of pool " + member.get().pool().get();
            run.put(batch, node, record(node).inLine(NodeState.WAITING, why, place));
            engine.poolLine.await(run, node, place.since());
        } else if (isOf(member.get(), known.get().machine)) {
            bring(batch, node, known.get());
        } else {
            run.fail(batch, node, "machine.name-taken", "another machine is named " + name(node));
        }
    }

    private boolean isOf(Member member, Machine machine) {
        return machine.placement()
                .filter(at ->
                        at.cluster().equals(run.record().cluster())
                                && at.group().equals(member.group()))
                .isPresent();
    }

    /// It has its machine.
    void allocated(Batch batch, int node) {
        run.members()
                .wantedHost(name(node))
                .filter(_ -> record(node).state() == NodeState.WAITING)
                .ifPresent(host -> bring(batch, node, host));
    }

    /// Has a machine of the pool made or switched on, where that is needed.
    private void bring(Batch batch, int node, Host host) {
        Machine machine = host.machine;
        if (machine.state() == State.REQUESTED) {
            machines.begin(batch, node, host, "asked of " + machine.provider().orElseThrow());
            machines.request(batch, node, host);
        } else if (Pooled.isOff(machine)) {
            machines.begin(
                    batch,
                    node,
                    host,
                    machine.pooled().orElseThrow().name() + " is being switched on");
            PoolCleaning.power(batch, host, true);
        } else {
            String own = machine.pooled().map(Pooled::name).orElse(machine.name());
            run.end(batch, node, NodeState.SUCCEEDED, "it is " + own);
        }
    }

    /// Takes up an allocation that had not ended when the engine went down.
    void recover(Batch batch, int node) {
        NodeRecord now = record(node);
        Optional<Host> host = run.members().wantedHost(name(node));
        if (host.isEmpty()) {
            Instant since = now.place().map(NodeRecord.Place::since).orElse(batch.now());
            engine.poolLine.await(run, node, since);
            return;
        }
        if (now.state() == NodeState.WAITING) {
            host.get().maker = Optional.of(run.ref(node));
            if (now.wakeAt().isEmpty() && !run.paused()) {
                bring(batch, node, host.get());
            }
            return;
        }
        host.get().maker = Optional.of(run.ref(node));
        if (host.get().machine.state() == State.REQUESTED) {
            machines.request(batch, node, host.get());
        } else if (Pooled.isOff(host.get().machine)) {
            PoolCleaning.power(batch, host.get(), true);
        } else {
            host.get().maker = Optional.empty();
            machines.created(batch, node);
        }
    }

    /// Gives a machine back to its pool, which cleans it: no affair of the run any more.
    void release(Batch batch, int node) {
        Optional<Host> found = run.members().host(run.graph().planned(node));
        boolean still =
                found.filter(host ->
                                host.machine
                                        .placement()
                                        .filter(at -> at.cluster().equals(run.record().cluster()))
                                        .isPresent())
                        .isPresent();
        if (!still) {
            run.end(batch, node, NodeState.SUCCEEDED, "it was given back already");
            return;
        }
        Host host = found.orElseThrow();
        Machine machine = host.machine;
        if (machine.state() == State.GONE
                || machine.pooled().isEmpty()
                || run.members().leavingMember(name(node)).filter(Member::gone).isPresent()) {
            machines.forget(batch, host);
            run.end(batch, node, NodeState.SUCCEEDED, "it is gone; only forgotten");
            return;
        }
        run.world().removed(machine);
        run.results().dropOf(batch, machine.id(), machine.name());
        engine.poolCleaning.giveBack(batch, host);
        run.end(batch, node, NodeState.SUCCEEDED, "back in pool " + machine.pooled().get().pool());
    }
}
