package dev.formwork.workflow.simulation;

import dev.formwork.model.RunId;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.engine.FakePlan;
import dev.formwork.workflow.engine.Input;
import dev.formwork.workflow.engine.Reply;
import dev.formwork.workflow.engine.StoredRun;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.store.Store;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Applies a plan and sees it through: answers what is asked by looking at the machines, retries
/// what failed, and now and then cancels for no reason.
final class SimulatedPerson {
    private static final String NAME = "ann";

    private final Simulation simulation;
    private final String planDigest;
    private final FakePlan plan;

    /// Some have steps left out.
    private final boolean skips;

    SimulatedPerson(Simulation simulation, String planDigest) {
        this.simulation = simulation;
        this.planDigest = planDigest;
        this.plan = simulation.scenario().plan(planDigest, false);
        this.skips = simulation.random().nextInt(12) == 0;
    }

    void begin() {
        simulation.after(simulation.between(100, 5_000), this::look);
    }

    private void look() {
        simulation.engine().settled(this::lookAtSettled);
        simulation.after(Duration.ofSeconds(10 + simulation.random().nextInt(20)), this::look);
    }

    private void lookAtSettled() {
        simulation.engine().explain();
        simulation.store().run(planDigest).ifPresentOrElse(this::look, this::start);
    }

    private void start() {
        Store store = simulation.store().contents();
        say(
                new Input.StartRun(
                        planDigest,
                        plan,
                        store.approval(planDigest).orElseThrow(),
                        store.results(plan.plan().cluster()),
                        new RunRecord.Terms(simulation.random().nextInt(3) - 1, timeout()),
                        NAME),
                reply -> {
                    switch (reply) {
                        case Reply.RunStarted(RunId run) -> {
                            if (store.run(run).isEmpty()) {
                                simulation.violated(run + " was acknowledged and forgotten");
                            }
                        }
                        case Reply.Refused(var problem)
                                when problem.code().equals("plan.used") -> {}
                        default -> simulation.violated("a run does not start: " + reply);
                    }
                });
    }

    /// Some have no patience: a retry gives the run the whole time anew.
    private Optional<Duration> timeout() {
        return simulation.happens(0.3)
                ? Optional.of(simulation.between(60_000, 900_000))
                : Optional.empty();
    }

    private void look(RunRecord run) {
        switch (run.state()) {
            case RUNNING -> {
                if (simulation.happens(0.03)) {
                    cancel(run);
                } else if (simulation.happens(0.05)) {
                    say(new Input.Pause(run.id(), "lunch", NAME), _ -> {});
                } else if (!skips || !simulation.happens(0.08) || !skip(run)) {
                    simulation.store().contents().nodes(run.id()).forEach(this::answer);
                }
            }
            case FAILED, CANCELLED -> {
                boolean skipped = skips && simulation.happens(0.1) && skip(run);
                if (!skipped && !skipWhatMoved(run)) {
                    say(
                            new Input.Retry(run.id(), List.of(), Optional.of(stored(run)), NAME),
                            _ -> {});
                }
            }
            case WAITING -> {
                if (simulation.happens(0.03)) {
                    say(new Input.Pause(run.id(), "", NAME), _ -> {});
                }
            }
            case PAUSED -> {
                if (simulation.happens(0.1)) {
                    cancel(run);
                } else if (!simulation.happens(0.5)) {
                    say(new Input.Resume(run.id(), NAME), _ -> {});
                }
            }
            case CANCELLING -> {
                if (simulation.happens(0.3)) {
                    cancel(run);
                }
            }
            case SUCCEEDED -> {}
        }
    }

    private StoredRun stored(RunRecord run) {
        return StoredRun.read(
                simulation.store().contents(), simulation.engine().parts().plans(), run.id());
    }

    /// Has one of the steps count as skipped that keep the run up.
    private boolean skip(RunRecord run) {
        List<NodeRecord> standing =
                simulation.store().contents().nodes(run.id()).stream()
                        .filter(node ->
                                node.state() == NodeState.FAILED
                                        || node.state() == NodeState.CANCELLED
                                        || node.state() == NodeState.WAITING)
                        .toList();
        if (standing.isEmpty()) {
            return false;
        }
        skip(run, standing.get(simulation.random().nextInt(standing.size())).key());
        return true;
    }

    /// What reads something that was skipped is not as planned any more, however often it is tried.
    private boolean skipWhatMoved(RunRecord run) {
        Optional<NodeRecord> moved =
                simulation.store().contents().nodes(run.id()).stream()
                        .filter(node -> node.state() == NodeState.FAILED)
                        .filter(node -> node.code().equals(Optional.of("plan.moved")))
                        .findFirst();
        moved.ifPresent(node -> skip(run, node.key()));
        return moved.isPresent();
    }

    private void skip(RunRecord run, NodeKey node) {
        say(new Input.Skip(run.id(), node, "", Optional.of(stored(run)), NAME), _ -> {});
    }

    private void cancel(RunRecord run) {
        say(new Input.Cancel(run.id(), simulation.random().nextInt(3) == 0, NAME), _ -> {});
    }

    private void answer(NodeRecord node) {
        node.question()
                .ifPresent(question -> {
                    switch (question) {
                        case APPROVE_MORE ->
                                say(new Input.ApproveMore(node.run(), node.key(), NAME), _ -> {});
                        case DID_IT_HAPPEN -> {
                            if (!simulation.provider().anyProcess(node.key())) {
                                resolve(node);
                            }
                        }
                    }
                });
    }

    private void resolve(NodeRecord node) {
        NodeKey key = node.key();
        boolean happened = simulation.truth().didHappen(key);
        Value.Struct outputs =
                simulation
                        .truth()
                        .inputs(key)
                        .map(inputs -> Scenario.outputs(key, inputs))
                        .orElse(Value.Struct.EMPTY);
        say(new Input.Resolve(node.run(), key, happened, outputs, NAME), _ -> {});
    }

    private void say(Input input, Consumer<Reply> answer) {
        simulation.engine().deliver(input, answer);
    }
}
