package dev.formwork.workflow.engine;

import dev.formwork.model.ProblemException;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.Repeat;
import dev.formwork.model.module.Task;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.Resolution;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.graph.StepWork;
import dev.formwork.workflow.graph.World;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.plan.Decision;
import dev.formwork.workflow.plan.PlannedNode;
import dev.formwork.workflow.result.Fingerprint;
import dev.formwork.workflow.result.Fingerprinter;
import dev.formwork.workflow.run.JobRecord;

import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// What is to become of a step that nothing blocks any more. A pure function of the plan, what is
/// recorded, and the world; asked when the step is unblocked and again when its job is handed out.
final class StepDecision {
    sealed interface Verdict {
        record Skip(String reason) implements Verdict {}

        record Unchanged(String reason) implements Verdict {}

        record Fail(String code, String reason) implements Verdict {}

        /// It would go beyond what was approved.
        record Ask(String reason) implements Verdict {}

        record Run(LoadedModule module, Value.Struct inputs, JobRecord.Mode mode)
                implements Verdict {}
    }

    /// What has happened to the node so far.
    ///
    /// @param attempts that were begun
    /// @param approved its plan's decision no longer limits it
    /// @param checked a check said just now that it has to run
    /// @param incarnation that its machine has to have; empty for a machine that was not made when
    ///   the plan was
    record Progress(
            int attempts, boolean approved, boolean checked, Optional<String> incarnation) {}

    private final Fingerprinter fingerprinter;

    StepDecision(Fingerprinter fingerprinter) {
        this.fingerprinter = fingerprinter;
    }

    Verdict decide(
            PlannedNode node,
            StepWork work,
            World world,
            Optional<StepResult> recorded,
            Optional<Machine> machine,
            Progress progress) {
        try {
            return moved(node, progress.incarnation(), machine)
                    .orElseGet(() ->
                            whenHere(node, work, world, recorded, machine.orElseThrow(), progress));
        } catch (ProblemException e) {
            return new Verdict.Fail(e.code(), Words.of(e.problems()));
        }
    }

    /// Whether the machine is no longer the one that was planned for.
    static Optional<Verdict> moved(
            PlannedNode node, Optional<String> incarnation, Optional<Machine> machine) {
        String name = node.key().machine().orElse("?");
        if (machine.isEmpty()) {
            return Optional.of(
                    new Verdict.Fail(
                            incarnation.isPresent() ? "plan.moved" : "machine.unknown",
                            "there is no machine " + name + " any more (plan again)"));
        }
        String now = machine.get().incarnationKey();
        if (incarnation.isPresent() && !incarnation.get().equals(now)) {
            return Optional.of(
                    new Verdict.Fail(
                            "plan.moved",
                            name
                                    + " is not the machine that was planned for: it is "
                                    + now
                                    + " and was "
                                    + incarnation.get()
                                    + " (plan again)"));
        }
        return Optional.empty();
    }

    private Verdict whenHere(
            PlannedNode node,
            StepWork work,
            World world,
            Optional<StepResult> recorded,
            Machine machine,
            Progress progress) {
        switch (work.when(world)) {
            case Resolution.Unknown<Boolean>(var causes) -> {
                return unknown(causes);
            }
            case Resolution.Known<Boolean>(var holds) -> {
                if (!holds) {
                    return new Verdict.Skip("its condition does not hold");
                }
            }
        }
        if (node.decision() == Decision.SKIPPED && !progress.approved()) {
            return new Verdict.Ask("the plan skips it, but now its condition holds");
        }
        return switch (work.inputs(world)) {
            case Resolution.Unknown<Value.Struct>(var causes) -> unknown(causes);
            case Resolution.Known<Value.Struct>(var inputs) ->
                    withInputs(node, work, inputs, recorded, machine, progress);
        };
    }

    private Verdict withInputs(
            PlannedNode node,
            StepWork work,
            Value.Struct inputs,
            Optional<StepResult> recorded,
            Machine machine,
            Progress progress) {
        Fingerprint fingerprint = fingerprinter.of(work.module(), inputs);
        if (node.expected().isPresent() && !node.expected().get().equals(fingerprint)) {
            return new Verdict.Fail(
                    "plan.moved",
                    difference(node.expected().get(), fingerprint)
                            + " not as planned any more (plan again)");
        }
        boolean same =
                recorded.isPresent()
                        && !recorded.get().tainted()
                        && isOf(recorded.get(), fingerprint, machine);
        boolean hasCheck = work.task().check().isPresent();
        return switch (node.decision()) {
            case UNCHANGED -> {
                if (same) {
                    yield new Verdict.Unchanged("same inputs, same code");
                }
                yield progress.approved()
                        ? run(work, inputs, recorded, progress)
                        : new Verdict.Ask(
                                "the plan leaves it unchanged, but "
                                        + recorded.map(result ->
                                                        whyAgain(result, fingerprint, machine))
                                                .orElse("there is no result of it")
                                        + ": it would run");
            }
            case MAY_RUN -> {
                if (!same || progress.checked()) {
                    yield run(work, inputs, recorded, progress);
                }
                yield hasCheck
                        ? new Verdict.Run(work.module(), inputs, JobRecord.Mode.CHECK_THEN_RUN)
                        : new Verdict.Unchanged("it gets the same inputs");
            }
            case WILL_RUN, SKIPPED -> run(work, inputs, recorded, progress);
        };
    }

    /// Whether a result says that a step with this fingerprint is done on this machine.
    static boolean isOf(StepResult result, Fingerprint fingerprint, Machine machine) {
        return result.incarnation().equals(machine.incarnationKey())
                && result.fingerprint().equals(fingerprint);
    }

    private static Verdict run(
            StepWork work, Value.Struct inputs, Optional<StepResult> recorded, Progress progress) {
        Task task = work.task();
        boolean again =
                progress.attempts() == 0 && recorded.filter(StepResult::tainted).isPresent();
        boolean checkFirst =
                task.repeat() == Repeat.VERIFY_FIRST
                        && task.check().isPresent()
                        && !again
                        && !progress.checked();
        return new Verdict.Run(
                work.module(),
                inputs,
                checkFirst ? JobRecord.Mode.CHECK_THEN_RUN : JobRecord.Mode.RUN);
    }

    private static String whyAgain(StepResult result, Fingerprint fingerprint, Machine machine) {
        if (result.tainted()) {
            return "somebody has tainted it";
        }
        if (!result.incarnation().equals(machine.incarnationKey())) {
            return "its result is of another incarnation of the machine";
        }
        return difference(result.fingerprint(), fingerprint) + " not what it was";
    }

    private static String difference(Fingerprint before, Fingerprint now) {
        TreeSet<String> names = new TreeSet<>(before.inputs().keySet());
        names.addAll(now.inputs().keySet());
        names.removeIf(name -> Objects.equals(before.inputs().get(name), now.inputs().get(name)));
        if (names.isEmpty()) {
            return "its code is";
        }
        String inputs = String.join(", ", names) + (names.size() == 1 ? " is" : " are");
        return before.code().equals(now.code()) ? inputs : "its code and " + inputs;
    }

    private static Verdict unknown(SortedSet<NodeKey> causes) {
        return new Verdict.Fail("step.inputs-unknown", "it reads what is not known: " + causes);
    }
}
