package dev.formwork.workflow.engine;

import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.Machine.State;
import dev.formwork.workflow.machine.Pooled;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What providers answer, and what they notice.
final class ProviderAnswers {
    private final EngineState engine;
    private final AgentCalls agents;

    ProviderAnswers(EngineState engine, AgentCalls agents) {
        this.engine = engine;
        this.agents = agents;
    }

    void answer(Batch batch, Input.FromProvider answer) {
        Host host = engine.fleet.host(answer.machine());
        if (host == null) {
            return;
        }
        switch (answer) {
            case Input.InstanceCreated created -> created(batch, host, created);
            case Input.InstanceFailed failed ->
                    host.maker.ifPresentOrElse(
                            node -> engine.herald.refused(batch, host, node, failed),
                            () -> engine.poolCleaning.failed(batch, host, failed));
            case Input.InstanceSwitched switched -> switched(batch, host, switched);
            case Input.InstanceRemoved _ -> {
                if (host.machine.state() == State.REMOVING) {
                    removed(batch, host);
                }
            }
            case Input.InstanceGone _ -> {
                switch (host.machine.state()) {
                    case REMOVING -> removed(batch, host);
                    case BOOTING, HELD, READY, UNREACHABLE -> gone(batch, host);
                    case REQUESTED, GONE -> {}
                }
            }
        }
    }

    private void created(Batch batch, Host host, Input.InstanceCreated created) {
        Machine machine = host.machine;
        if (machine.state() != State.REQUESTED && machine.state() != State.GONE) {
            return;
        }
        boolean registered = machine.credentialHash().isPresent();
        engine.fleet.put(
                batch,
                host,
                machine.withInstance(created.reference(), created.address())
                        .withBoot(machine.boot().withHardware(created.hardware(), created.cards()))
                        .withState(State.BOOTING));
        host.maker.ifPresent(node -> engine.herald.made(batch, node));
        host.maker = Optional.empty();
        if (registered) {
            agents.contact(batch, host, host.machine.bootId().orElse(""));
        }
    }

    private void switched(Batch batch, Host host, Input.InstanceSwitched answer) {
        engine.poolCleaning.switched(batch, host, answer.on());
        if (answer.on()) {
            Optional<NodeRef> taker = host.maker;
            host.maker = Optional.empty();
            taker.ifPresent(node -> engine.herald.made(batch, node));
        }
    }

    private void removed(Batch batch, Host host) {
        vacate(batch, host);
        RunCore run = host.maker.map(node -> engine.runs.get(node.run())).orElse(null);
        if (run == null) {
            engine.fleet.drop(batch, host);
        } else {
            engine.herald.unmade(batch, run, host, host.maker.orElseThrow().node());
        }
    }

    private void gone(Batch batch, Host host) {
        boolean pools = host.machine.pooled().filter(Pooled::made).isPresent();
        if (pools && host.machine.placement().isEmpty()) {
            removed(batch, host);
            return;
        }
        engine.fleet.put(batch, host, host.machine.withState(State.GONE));
        vacate(batch, host);
    }

    /// Nothing that waits for this machine or runs on it can go on.
    private void vacate(Batch batch, Host host) {
        for (OpenJob job : List.copyOf(host.jobs.values())) {
            engine.herald.goneUnder(batch, job);
        }
        for (NodeRef node :
                Stream.concat(host.queue.keySet().stream(), host.boots.stream()).toList()) {
            engine.herald.gone(batch, host, node);
        }
    }
}
