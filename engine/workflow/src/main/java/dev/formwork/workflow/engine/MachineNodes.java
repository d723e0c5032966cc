package dev.formwork.workflow.engine;

import dev.formwork.model.Names;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.Machine.State;
import dev.formwork.workflow.machine.Pooled;
import dev.formwork.workflow.membership.Member;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeState;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// CREATE, BOOT and REMOVE nodes of a run.
final class MachineNodes {
    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(2);

    /// The one failure for which a plan may name another place: docs/providers.md.
    private static final String OUT_OF_QUOTA = "provider.quota";

    private final EngineState engine;
    private final RunCore run;

    MachineNodes(EngineState engine, RunCore run) {
        this.engine = engine;
        this.run = run;
    }

    private String name(int node) {
        return run.graph().planned(node).key().machine().orElseThrow();
    }

    private NodeRecord record(int node) {
        return run.graph().record(node);
    }

    private Action action(int node) {
        return run.graph().planned(node).action();
    }

    /// Has the machine made, in the first of its places.
    void create(Batch batch, int node) {
        String name = name(node);
        if (run.members().wantedMember(name).isEmpty() || places(node).isEmpty()) {
            run.fail(batch, node, "machine.unknown", "the plan has no provider for " + name);
            return;
        }
        Optional<Host> known = run.members().wantedHost(name);
        if (known.isPresent() && known.get().machine.state() == State.GONE) {
            forget(batch, known.get());
            known = Optional.empty();
        }
        if (known.isEmpty()) {
            ask(batch, node, requested(batch, node, 0));
            return;
        }
        Host host = known.get();
        switch (host.machine.state()) {
            case REQUESTED -> {
                if (isAtFirst(host, node)) {
                    engine.fleet.put(
                            batch,
                            host,
                            host.machine.withOrigin(
                                    new Machine.Origin(places(node).getFirst().machine(), 0)));
                    ask(batch, node, host);
                } else {
                    move(batch, node, host, 0);
                }
            }
            case REMOVING -> move(batch, node, host, 0);
            case BOOTING, HELD, READY, UNREACHABLE, GONE ->
                    run.end(batch, node, NodeState.SUCCEEDED, "it exists");
        }
    }

    /// Goes on where it waited: whatever place was to be asked is asked.
    void createFurther(Batch batch, int node) {
        Optional<Host> known = run.members().wantedHost(name(node));
        State state = known.map(host -> host.machine.state()).orElse(State.GONE);
        switch (state) {
            case REQUESTED -> ask(batch, node, known.orElseThrow());
            case REMOVING -> {
                begin(batch, node, known.orElseThrow(), leaving(node, known.get()));
                unmake(batch, known.get());
            }
            case BOOTING, HELD, READY, UNREACHABLE, GONE -> create(batch, node);
        }
    }

    private List<CompiledPlan.Place> places(int node) {
        return run.plan().places(name(node));
    }

    /// Where the machine is asked for, or is to be asked for next.
    private static int place(Host host) {
        return host.machine.origin().map(Machine.Origin::place).orElse(0);
    }

    private boolean isAtFirst(Host host, int node) {
        CompiledPlan.Place first = places(node).getFirst();
        return host.machine.provider().equals(Optional.of(first.provider()))
                && host.machine
                        .origin()
                        .map(origin -> origin.machine().equals(first.machine()))
                        .orElse(true);
    }

    private Host requested(Batch batch, int node, int place) {
        String name = name(node);
        Member member = run.members().wantedMember(name).orElseThrow();
        CompiledPlan.Place at = places(node).get(place);
        return engine.fleet.request(
                batch,
                name,
                new Machine.Placement(
                        run.record().cluster(), member.group(), member.ordinal(), false),
                at.provider(),
                new Machine.Origin(at.machine(), place));
    }

    private void ask(Batch batch, int node, Host host) {
        String provider = host.machine.provider().orElseThrow();
        String label =
                place(host) < places(node).size() && places(node).size() > 1
                        ? places(node).get(place(host)).label()
                        : provider;
        begin(batch, node, host, outOfQuota(node, place(host)) + "asked of " + label);
        request(batch, node, host);
    }

    /// Those places before one that were asked in vain.
    private String outOfQuota(int node, int place) {
        List<String> before =
                places(node).stream().limit(place).map(CompiledPlan.Place::label).toList();
        return before.isEmpty() ? "" : String.join(" and ", before) + " had no quota; ";
    }

    private String leaving(int node, Host host) {
        int next = place(host);
        return outOfQuota(node, next)
                + "what "
                + host.machine.provider().orElseThrow()
                + " may have left of it is removed, then "
                + places(node).get(next).label()
                + " is asked";
    }

    /// Has the machine made in another place. What it was before must not come up after all: so
    /// that is removed first, and the one that is made then is another machine, with an id and a
    /// boot token of its own.
    private void move(Batch batch, int node, Host host, int next) {
        if (!engine.safeguards.clearsPlaces()) {
            forget(batch, host);
            ask(batch, node, requested(batch, node, next));
            return;
        }
        Value.Struct asked =
                host.machine.origin().map(Machine.Origin::machine).orElse(Value.Struct.EMPTY);
        engine.fleet.put(
                batch,
                host,
                host.machine.withState(State.REMOVING).withOrigin(new Machine.Origin(asked, next)));
        if (run.paused()) {
            host.maker = Optional.of(run.ref(node));
            run.pace().park(batch, node);
            return;
        }
        begin(batch, node, host, leaving(node, host));
        unmake(batch, host);
    }

    /// What a place had of the machine is gone: the next one is asked.
    private void moved(Batch batch, Host host, int node) {
        int next = place(host);
        forget(batch, host);
        if (record(node).state().ended()) {
            return;
        }
        Host fresh = requested(batch, node, next);
        if (run.paused()) {
            fresh.maker = Optional.of(run.ref(node));
            run.pace().park(batch, node);
        } else {
            ask(batch, node, fresh);
        }
    }

    void begin(Batch batch, int node, Host host, String reason) {
        host.maker = Optional.of(run.ref(node));
        run.put(batch, node, record(node).attempting(Optional.empty(), reason, batch.now()));
    }

    /// Asks the provider for a machine, once more as well.
    void request(Batch batch, int node, Host host) {
        Machine machine = host.machine;
        batch.effect(
                new Effect.CreateInstance(
                        machine.id(),
                        machine.pooled().map(Pooled::name).orElse(machine.name()),
                        machine.provider().orElseThrow(),
                        // Not as its pool is declared by now: under one token one thing is asked
                        // for.
                        machine.origin()
                                .map(Machine.Origin::machine)
                                .or(() -> machine.pooled().map(engine.pools::instance))
                                .orElseGet(() -> places(node).getFirst().machine()),
                        engine.parts.identifiers().bootToken(machine.id())));
    }

    void created(Batch batch, int node) {
        if (!record(node).state().ended()) {
            int place = run.members().wantedHost(name(node)).map(MachineNodes::place).orElse(0);
            String before = outOfQuota(node, place);
            run.end(
                    batch,
                    node,
                    NodeState.SUCCEEDED,
                    before.isEmpty()
                            ? ""
                            : before + "placed on " + places(node).get(place).label());
        }
    }

    /// The provider could not make or remove the machine.
    void failed(Batch batch, Host host, int node, Input.InstanceFailed answer) {
        NodeRecord now = record(node);
        if (now.state() != NodeState.RUNNING) {
            return;
        }
        EngineSettings settings = engine.parts.settings();
        String what = Names.abbreviate(answer.detail());
        boolean outOfQuota = answer.code().equals(OUT_OF_QUOTA);
        State state = host.machine.state();
        boolean moves = action(node) == Action.CREATE && state == State.REMOVING;
        if (outOfQuota
                && action(node) == Action.CREATE
                && state == State.REQUESTED
                && place(host) + 1 < places(node).size()
                && !run.cancelling()) {
            batch.placedElsewhere(run.record().id(), host.machine, places(node), place(host));
            move(batch, node, host, place(host) + 1);
            return;
        }
        // A removal has no need of quota: that was said of the machine before, and came twice.
        boolean again = answer.retryable() || (moves && outOfQuota);
        if (!again || now.attempt() >= settings.providerAttempts() || run.cancelling()) {
            host.maker = Optional.empty();
            run.fail(batch, node, Names.abbreviate(answer.code()), what);
            return;
        }
        Duration backoff = settings.providerBackoff().multipliedBy(1L << (now.attempt() - 1));
        if (backoff.compareTo(LONGEST_BACKOFF) > 0) {
            backoff = LONGEST_BACKOFF;
        }
        Instant at = batch.now().plus(backoff);
        run.put(
                batch,
                node,
                now.to(NodeState.WAITING, what + "; asked again at " + at)
                        .withCode(Names.abbreviate(answer.code()))
                        .withWakeAt(at));
        engine.timers.set(at, new Timers.Timer.Wake(run.ref(node)));
    }

    void boot(Batch batch, int node) {
        Optional<Host> host = run.members().wantedHost(name(node));
        if (host.isEmpty()) {
            run.fail(batch, node, "machine.unknown", "there is no machine " + name(node));
        } else if (host.get().machine.state() == State.READY) {
            run.end(batch, node, NodeState.SUCCEEDED, "");
        } else if (host.get().machine.state() == State.GONE) {
            gone(batch, node);
        } else {
            Instant end = batch.now().plus(engine.parts.settings().bootDeadline());
            host.get().boots.add(run.ref(node));
            run.put(
                    batch,
                    node,
                    record(node)
                            .attempting(
                                    Optional.empty(), "its agent has not called yet", batch.now())
                            .withWakeAt(end));
            engine.timers.set(end, new Timers.Timer.Wake(run.ref(node)));
        }
    }

    void booted(Batch batch, int node) {
        if (record(node).state() == NodeState.RUNNING) {
            run.end(batch, node, NodeState.SUCCEEDED, "");
        }
    }

    void bootOverdue(Batch batch, int node) {
        run.members().wantedHost(name(node)).ifPresent(host -> host.boots.remove(run.ref(node)));
        run.fail(
                batch,
                node,
                "machine.agent-absent",
                "the agent of "
                        + name(node)
                        + " has not called within "
                        + engine.parts.settings().bootDeadline().toSeconds()
                        + " s (look at the machine's console; it must reach the engine's address)");
    }

    /// The machine that the node is about is gone.
    void gone(Batch batch, int node) {
        if (!record(node).state().ended()) {
            run.fail(batch, node, "machine.gone", name(node) + " is gone (plan again)");
        }
    }

    void remove(Batch batch, int node) {
        Optional<Host> found = run.members().host(run.graph().planned(node));
        if (found.isEmpty()) {
            run.end(batch, node, NodeState.SUCCEEDED, "it was gone already");
            return;
        }
        Host host = found.get();
        boolean absent =
                host.machine.state() == State.GONE
                        || host.machine.provider().isEmpty()
                        || run.members().leavingMember(name(node)).filter(Member::gone).isPresent();
        if (absent) {
            forget(batch, host);
            run.end(batch, node, NodeState.SUCCEEDED, "it is gone; only forgotten");
            return;
        }
        engine.fleet.put(batch, host, host.machine.withState(State.REMOVING));
        begin(batch, node, host, "asked of " + host.machine.provider().orElseThrow());
        unmake(batch, host);
    }

    private static void unmake(Batch batch, Host host) {
        Machine machine = host.machine;
        batch.effect(
                new Effect.RemoveInstance(
                        machine.id(), machine.provider().orElseThrow(), machine.instance()));
    }

    /// The machine's record and what was recorded on it go.
    void forget(Batch batch, Host host) {
        run.world().removed(host.machine);
        run.results().dropOf(batch, host.machine.id(), host.machine.name());
        engine.fleet.drop(batch, host);
    }

    void removed(Batch batch, Host host, int node) {
        if (action(node) == Action.CREATE) {
            moved(batch, host, node);
            return;
        }
        forget(batch, host);
        if (!record(node).state().ended()) {
            run.end(batch, node, NodeState.SUCCEEDED, "");
        }
    }

    /// @param delayed it waits to ask the provider again
    void recover(Batch batch, int node, boolean delayed) {
        boolean wanted = action(node) != Action.REMOVE;
        Optional<Host> found =
                wanted
                        ? run.members().wantedHost(name(node))
                        : run.members().host(run.graph().planned(node));
        if (found.isEmpty()) {
            run.fail(batch, node, "machine.unknown", "there is no machine " + name(node));
            return;
        }
        Host host = found.get();
        if (action(node) == Action.BOOT) {
            host.boots.add(run.ref(node));
            return;
        }
        host.maker = Optional.of(run.ref(node));
        if (delayed) {
            return;
        }
        if (wanted && host.machine.state() != State.REMOVING) {
            request(batch, node, host);
        } else {
            unmake(batch, host);
        }
    }

    void cancel(Batch batch, int node) {
        Optional<Host> host =
                action(node) == Action.REMOVE
                        ? run.members().host(run.graph().planned(node))
                        : run.members().wantedHost(name(node));
        host.ifPresent(it -> it.boots.remove(run.ref(node)));
        engine.poolLine.leave(run.ref(node));
        run.end(batch, node, NodeState.CANCELLED, "the run was cancelled");
    }
}
