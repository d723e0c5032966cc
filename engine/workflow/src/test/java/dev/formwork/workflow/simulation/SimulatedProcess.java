package dev.formwork.workflow.simulation;

import dev.formwork.model.value.Value;
import dev.formwork.workflow.engine.FakeStep;
import dev.formwork.workflow.engine.Outcome;
import dev.formwork.workflow.run.JobRecord;

/// A script that runs: takes effect halfway, and may fail before that, or ask for a reboot first.
final class SimulatedProcess {
    private final Simulation simulation;
    private final JobRecord job;
    private final boolean holds;
    private Outcome outcome = Outcome.SUCCEEDED;
    private boolean notYet;

    SimulatedProcess(Simulation simulation, JobRecord job, String bootId) {
        this.simulation = simulation;
        this.job = job;
        this.holds =
                job.mode() == JobRecord.Mode.CHECK_THEN_RUN
                        && job.phase() == 1
                        && simulation.truth().holds(job);
        simulation.trace(() -> "    " + job.key() + " begins in " + bootId + " as " + job.id());
    }

    void halfway() {
        boolean undo = job.mode() == JobRecord.Mode.UNDO;
        if (holds) {
            outcome = Outcome.HOLDS;
        } else if (!undo
                && job.phase() == 1
                && simulation.scenario().plan(job.cluster(), true).step(job.key()).reboots()) {
            outcome = simulation.random().nextBoolean() ? Outcome.REBOOT : Outcome.INCOMPLETE;
        } else if (simulation.truth().fails(job)) {
            outcome = simulation.random().nextBoolean() ? Outcome.FAILED : Outcome.TIMED_OUT;
        } else if (job.mode() != JobRecord.Mode.UNDO && simulation.truth().isNotYet(job)) {
            notYet = true;
        } else {
            simulation.trace(() -> "    " + job.key() + " happens as " + job.id());
            simulation.truth().happens(job);
            if (!undo && job.phase() > 1 && simulation.happens(0.2)) {
                outcome = Outcome.POWER_OFF;
            }
        }
    }

    /// Whether the script asks to be run again after a reboot.
    static boolean comesBack(Outcome outcome) {
        return outcome == Outcome.REBOOT || outcome == Outcome.INCOMPLETE;
    }

    Outcome outcome() {
        return outcome;
    }

    Value.Struct outputs() {
        boolean none = job.mode() == JobRecord.Mode.UNDO || comesBack(outcome);
        if (notYet) {
            return FakeStep.NOT_YET;
        }
        return none ? Value.Struct.EMPTY : Scenario.outputs(job.key(), job.inputs());
    }
}
