package dev.formwork.workflow.engine;

import dev.formwork.model.Problem;
import dev.formwork.model.module.Effect;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.OutputSpec;
import dev.formwork.model.module.Task;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.plan.PlannedNode;
import dev.formwork.workflow.result.Fingerprint;
import dev.formwork.workflow.run.NodeState;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// What the success of a step records: its result, for dependents, for the next plan and for undo.
final class StepSuccess {
    /// Where a node comes after more steps than this, its result names the gates between.
    private static final int MOST_BEFORE = 256;

    private final EngineState engine;
    private final RunCore run;

    StepSuccess(EngineState engine, RunCore run) {
        this.engine = engine;
        this.run = run;
    }

    private PlannedNode planned(int node) {
        return run.graph().planned(node);
    }

    /// @param ran the script ran; false where a check held at once
    /// @return what is wrong with the outputs; then nothing is recorded
    List<Problem> succeeded(Batch batch, OpenJob job, int node, Value.Struct outputs, boolean ran) {
        if (planned(node).action() == Action.UNDO) {
            run.results().drop(batch, planned(node).undone());
            run.end(batch, node, NodeState.SUCCEEDED, "");
            run.rollbacks().undone(batch, planned(node));
            return List.of();
        }
        List<Problem> problems = engine.parts.outputCheck().problems(job.task, outputs);
        if (problems.isEmpty() && !run.iterations().takes(batch, node, outputs)) {
            record(
                    batch,
                    node,
                    job.host.machine,
                    job.task,
                    job.record.module(),
                    job.record.inputs(),
                    outputs,
                    ran);
        }
        return problems;
    }

    private void record(
            Batch batch,
            int node,
            Machine machine,
            Task task,
            LoadedModule.Lock lock,
            Value.Struct inputs,
            Value.Struct outputs,
            boolean ran) {
        boolean erases = ran && task.effects().contains(Effect.ERASE);
        Machine on = erases ? erased(batch, node) : machine;
        run.results()
                .put(
                        batch,
                        new StepResult(
                                run.record().cluster(),
                                planned(node).key(),
                                on.incarnationKey(),
                                fingerprint(node, inputs),
                                lock,
                                inputs,
                                marked(task, outputs),
                                before(node),
                                run.steps().work(node).event(),
                                false,
                                run.record().id()));
        run.end(batch, node, NodeState.SUCCEEDED, "");
    }

    /// A machine that is erased is a new one: what was done on it before counts no more.
    private Machine erased(Batch batch, int node) {
        Host host = run.members().host(planned(node)).orElseThrow();
        Machine machine = host.machine;
        if (host.isEngine()) {
            return machine;
        }
        Machine next = machine.withIncarnation(machine.incarnation() + 1);
        engine.fleet.put(batch, host, next);
        run.results()
                .erased(
                        batch,
                        planned(node),
                        machine.incarnationKey(),
                        next.incarnationKey(),
                        earlierHere(node));
        return next;
    }

    /// The steps on its machine that a node comes after, as far as the way to them stays there.
    private SortedSet<NodeKey> earlierHere(int node) {
        Optional<String> machine = planned(node).key().machine();
        TreeSet<NodeKey> found = new TreeSet<>();
        Deque<Integer> open = new ArrayDeque<>(List.of(node));
        while (!open.isEmpty()) {
            for (int before : run.graph().before(open.pop())) {
                boolean here =
                        planned(before).action() == Action.STEP
                                && planned(before).key().machine().equals(machine);
                if (here && found.add(planned(before).key())) {
                    open.push(before);
                }
            }
        }
        return found;
    }

    Fingerprint fingerprint(int node, Value.Struct inputs) {
        return engine.parts.fingerprinter().of(run.steps().work(node).module(), inputs);
    }

    private static Value.Struct marked(Task task, Value.Struct outputs) {
        Map<String, Value> marked = new LinkedHashMap<>();
        outputs.fields()
                .forEach((name, value) -> {
                    OutputSpec spec = task.outputs().get(name);
                    boolean secret = spec != null && spec.secret();
                    marked.put(name, secret ? new Value.Secret(value) : value);
                });
        return Value.of(marked);
    }

    /// The steps that a node came after, those behind a gate too.
    private SortedSet<NodeKey> before(int node) {
        TreeSet<NodeKey> steps = new TreeSet<>();
        for (int before : run.graph().before(node)) {
            switch (planned(before).action()) {
                case STEP -> steps.add(planned(before).key());
                case GATE -> {
                    int[] behind = run.graph().before(before);
                    if (steps.size() + behind.length > MOST_BEFORE) {
                        steps.add(planned(before).key());
                    } else {
                        for (int step : behind) {
                            if (planned(step).action() == Action.STEP) {
                                steps.add(planned(step).key());
                            }
                        }
                    }
                }
                case CREATE, ALLOCATE, RELEASE, BOOT, UNDO, REMOVE -> {}
            }
        }
        return steps;
    }

    /// A person says that a step happened whose end nobody knows.
    ///
    /// @return what is wrong with the outputs that the person gives; then nothing is recorded
    List<Problem> happened(Batch batch, int node, Value.Struct outputs) {
        PlannedNode planned = planned(node);
        if (planned.action() == Action.UNDO) {
            run.results().drop(batch, planned.undone());
            run.end(batch, node, NodeState.SUCCEEDED, "a person says it happened");
            run.rollbacks().undone(batch, planned);
            return List.of();
        }
        return switch (run.steps().verdict(node, true)) {
            case StepDecision.Verdict.Run(LoadedModule module, Value.Struct inputs, _) -> {
                Task task = (Task) module.module();
                List<Problem> problems = engine.parts.outputCheck().problems(task, outputs);
                if (problems.isEmpty()) {
                    Machine machine = run.members().host(planned).orElseThrow().machine;
                    LoadedModule.Lock lock = planned.module().orElseGet(module::lock);
                    record(batch, node, machine, task, lock, inputs, outputs, true);
                }
                yield problems;
            }
            case StepDecision.Verdict.Fail(String code, String reason) ->
                    List.of(Problem.of(code, reason));
            case StepDecision.Verdict.Ask _,
                    StepDecision.Verdict.Skip _,
                    StepDecision.Verdict.Unchanged _ ->
                    List.of(
                            Problem.of(
                                    "node.nothing-asked",
                                    "it is not to run any more",
                                    "answer no, and it ends by itself"));
        };
    }
}
