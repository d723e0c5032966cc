package dev.formwork.workflow.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.value.Value;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeRecord.Question;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// How jobs reach agents, and what agents say of them.
class JobsTest {
    private static final NodeKey KEY = NodeKey.of("s", "a");

    private final Rig rig = new Rig("a", "b");

    private FakePlan oneStep() {
        FakePlan.Builder plan = FakePlan.of("demo");
        plan.step("s", "a").mayReboot();
        return plan.build();
    }

    @Test
    void aReadyNodeWakesTheAgentOfItsMachine() {
        rig.start(oneStep());
        assertThat(rig.effects).contains(new Effect.WakeAgent(Rig.id("a")));
        assertThat(rig.state(KEY)).isEqualTo(NodeState.READY);
        Reply reply = rig.step(new Input.Repoll(Rig.id("a")));
        assertThat(((Reply.Polled) reply).jobs()).hasSize(1);
    }

    @Test
    void aJobIsOfferedInEveryAnswerUntilTheAgentSaysItStarted() {
        rig.start(oneStep());
        JobRecord first = rig.poll("a").jobs().getFirst().job();
        assertThat(rig.poll("a").jobs().getFirst().job()).isEqualTo(first);
        rig.restart();
        assertThat(rig.poll("a").jobs().getFirst().job()).isEqualTo(first);
        rig.started("a", first);
        Reply.Polled polled = rig.poll("a", first);
        assertThat(polled.jobs()).isEmpty();
        assertThat(polled.hold()).isTrue();
    }

    @Test
    void aJobThatAPollNamesHasStartedThoughTheWordOfItWasLost() {
        rig.start(oneStep());
        JobRecord job = rig.poll("a").jobs().getFirst().job();
        assertThat(rig.poll("a", job).jobs()).isEmpty();
        assertThat(rig.store.job(job.id()).orElseThrow().state())
                .isEqualTo(JobRecord.State.STARTED);
    }

    @Test
    void aReportIsAcceptedOnceAndSilentlyAgain() {
        rig.start(oneStep());
        JobRecord job = rig.take("a");
        assertThat(rig.report("a", job, Outcome.SUCCEEDED)).isEqualTo(new Reply.Done());
        assertThat(rig.report("a", job, Outcome.SUCCEEDED)).isEqualTo(new Reply.Done());
        assertThat(rig.last.changes()).isEmpty();
        assertThat(Rig.code(rig.started("a", job))).as("not begun again").isEqualTo("job.fenced");
    }

    @Test
    void aReportIsAcceptedThoughTheWordOfTheStartWasLost() {
        rig.start(oneStep());
        JobRecord job = rig.poll("a").jobs().getFirst().job();
        rig.report("a", job, Outcome.SUCCEEDED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
    }

    @Test
    void anAgentReachesItsOwnMachinesJobsOnly() {
        rig.start(oneStep());
        JobRecord job = rig.take("a");
        assertThat(Rig.code(rig.report("b", job, Outcome.SUCCEEDED))).isEqualTo("job.unknown");
        assertThat(
                        Rig.code(
                                rig.step(
                                        new Input.Poll(
                                                new Credential(Rig.id("a"), Secrets.hash("x")),
                                                "boot-1",
                                                Optional.empty(),
                                                List.of()))))
                .isEqualTo("agent.unauthorized");
        assertThat(rig.last.changes()).isEmpty();
    }

    @Test
    void aMachineHasOneJobAtATimeOverAllRuns() {
        rig.start(oneStep());
        JobRecord job = rig.take("a");
        FakePlan.Builder other = FakePlan.of("other");
        other.step("t", "a");
        rig.start(other.build());
        NodeKey waiting = NodeKey.of("t", "a");
        assertThat(rig.runState()).isEqualTo(RunRecord.State.WAITING);
        assertThat(rig.state(waiting)).isEqualTo(NodeState.BLOCKED);
        assertThat(rig.poll("a", job).jobs()).isEmpty();
        rig.report("a", job, Outcome.SUCCEEDED);
        assertThat(rig.effects).contains(new Effect.WakeAgent(Rig.id("a")));
        assertThat(rig.state(waiting)).isEqualTo(NodeState.READY);
        assertThat(rig.poll("a").jobs()).hasSize(1);
    }

    private static FakePlan onTheEngine(String cluster, int steps) {
        FakePlan.Builder plan = FakePlan.of(cluster);
        for (int i = 0; i < steps; i++) {
            plan.step("s" + i, NodeKey.ENGINE);
        }
        return plan.build();
    }

    @Test
    void theEnginesOwnAgentHasSeveral() {
        rig.start(onTheEngine("demo", 6));
        assertThat(rig.poll(NodeKey.ENGINE).jobs()).hasSize(EngineSettings.STANDARD.engineJobs());
    }

    @Test
    void theNextPlaceOfTheEngineIsTheHigherPriority() {
        rig.start(onTheEngine("low", EngineSettings.STANDARD.engineJobs() + 2));
        List<JobRecord> running =
                rig.poll(NodeKey.ENGINE).jobs().stream().map(offer -> offer.job()).toList();
        running.forEach(job -> rig.started(NodeKey.ENGINE, job));
        rig.start(onTheEngine("high", 1), new RunRecord.Terms(10, Optional.empty()));

        rig.report(NodeKey.ENGINE, running.getFirst(), Outcome.SUCCEEDED);

        JobRecord[] rest = running.stream().skip(1).toArray(JobRecord[]::new);
        assertThat(rig.poll(NodeKey.ENGINE, rest).jobs())
                .extracting(offer -> offer.job().run())
                .containsExactly(rig.run);
    }

    @Test
    void aRebootIsStoredBeforeItHappensAndGoesOnInTheNextBoot() {
        rig.start(oneStep());
        JobRecord job = rig.take("a");
        assertThat(rig.report("a", job, Outcome.REBOOT)).isEqualTo(new Reply.Done());
        assertThat(rig.store.job(job.id()).orElseThrow().phase()).isEqualTo(2);
        assertThat(rig.report("a", job, Outcome.REBOOT)).as("again").isEqualTo(new Reply.Done());
        assertThat(rig.poll("a").jobs()).as("the same boot").isEmpty();
        rig.restart();
        assertThat(rig.poll("a").jobs()).as("still the same boot").isEmpty();
        rig.reboot("a");
        JobRecord next = rig.take("a");
        assertThat(next.id()).isEqualTo(job.id());
        assertThat(next.token()).isEqualTo(job.token());
        assertThat(next.phase()).isEqualTo(2);
        rig.report("a", next, Outcome.SUCCEEDED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.SUCCEEDED);
    }

    @Test
    void aMachineThatDoesNotComeBackFailsTheStep() {
        rig.start(oneStep());
        rig.work("a", Outcome.REBOOT);
        rig.restart();
        rig.pass(Duration.ofMinutes(5));
        assertThat(rig.node(KEY).code()).contains("machine.agent-absent");
    }

    @Test
    void aRebootThatWasNotApprovedIsRefusedBeforeItHappens() {
        FakePlan.Builder plan = FakePlan.of("demo");
        plan.step("s", "a");
        rig.start(plan.build());
        JobRecord job = rig.take("a");
        assertThat(Rig.code(rig.report("a", job, Outcome.REBOOT))).isEqualTo("job.fenced");
        assertThat(rig.node(KEY).code()).contains("step.unapproved-effect");
    }

    @Test
    void aMachineThatPowersOffHasSucceeded() {
        rig.start(oneStep());
        JobRecord job = rig.take("a");
        rig.report("a", job, Outcome.POWER_OFF, Rig.OUTPUTS);
        assertThat(rig.state(KEY)).isEqualTo(NodeState.SUCCEEDED);
    }

    @Test
    void aLogIsStoredOnceAndWithoutGaps() {
        rig.start(oneStep());
        JobRecord job = rig.take("a");
        assertThat(log(job, 0, "abc")).isEqualTo(new Reply.Logged(3));
        assertThat(log(job, 0, "abc")).isEqualTo(new Reply.Logged(3));
        assertThat(log(job, 2, "cde")).isEqualTo(new Reply.Logged(5));
        assertThat(log(job, 9, "x")).isEqualTo(new Reply.LogGap(5));
        rig.restart();
        assertThat(log(job, 5, "f")).isEqualTo(new Reply.Logged(6));
        assertThat(new String(rig.store.log(job.id(), 0, 99), StandardCharsets.UTF_8))
                .isEqualTo("abcdef");
    }

    private Reply log(JobRecord job, long offset, String text) {
        return rig.step(
                new Input.LogReceived(
                        Rig.credential("a"),
                        job.id(),
                        job.token(),
                        offset,
                        ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void secretOutputsAreMarkedAndOutputsThatDoNotFitFailTheStep() {
        FakePlan.Builder plan = FakePlan.of("demo");
        plan.step("s", "a").secretOutput();
        NodeKey other = plan.step("t", "b").key();
        rig.start(plan.build());
        rig.work("a", Outcome.SUCCEEDED);
        rig.report("b", rig.take("b"), Outcome.SUCCEEDED, Value.Struct.EMPTY);
        assertThat(rig.result("demo", KEY).orElseThrow().outputs().holdsSecret()).isTrue();
        assertThat(rig.node(other).code()).contains("output.invalid");
        assertThat(rig.store.events(0, 1000).toString()).doesNotContain("out}");
    }

    @Test
    void anUnreachableMachineIsSaidToBeAndWakesUpAgain() {
        rig.pass(Duration.ofSeconds(91));
        assertThat(rig.effects)
                .contains(
                        new Effect.RestartAgent(
                                Rig.id("a"), Optional.of("fake"), Optional.of("i-a")));
        rig.start(oneStep());
        assertThat(rig.state(KEY)).isEqualTo(NodeState.WAITING);
        assertThat(rig.node(KEY).reason()).contains("has not called since 2030");
        assertThat(rig.poll("a").jobs()).hasSize(1);
    }

    @Test
    void aLateCallFromABootThatWasLeftChangesNothing() {
        rig.start(oneStep());
        JobRecord job = rig.take("a");
        rig.report("a", job, Outcome.REBOOT);
        String left = rig.boot("a");
        rig.reboot("a");
        JobRecord next = rig.take("a");
        Reply late =
                rig.step(new Input.Poll(Rig.credential("a"), left, Optional.empty(), List.of()));
        assertThat(late).isEqualTo(new Reply.Polled(List.of(), List.of(), false));
        rig.report("a", next, Outcome.SUCCEEDED);
        assertThat(rig.state(KEY)).isEqualTo(NodeState.SUCCEEDED);
    }

    private Reply poll(String process, long count, JobRecord... running) {
        List<Input.Running> journal =
                Arrays.stream(running)
                        .map(job -> new Input.Running(job.id(), job.token()))
                        .toList();
        return rig.step(
                new Input.Poll(
                        Rig.credential("a"),
                        rig.boot("a"),
                        Optional.of(new Input.PollNumber(process, count)),
                        journal));
    }

    @Test
    void pollsThatANewerOneHasOvertakenSayNothing() {
        rig.start(oneStep());
        poll("p", 3);
        JobRecord job = rig.store.job(rig.node(KEY).job().orElseThrow()).orElseThrow();
        rig.started("a", job);
        poll("p", 4, job);
        for (long late : new long[] {1, 2, 3}) {
            assertThat(poll("p", late)).isEqualTo(new Reply.Polled(List.of(), List.of(), false));
        }
        poll("q", 1, job);
        assertThat(poll("p", 5)).as("of a process that was left").isNotNull();
        poll("p", 6);
        rig.report("a", job, Outcome.SUCCEEDED);
        assertThat(rig.state(KEY)).isEqualTo(NodeState.SUCCEEDED);
    }

    @Test
    void pollsThatGoOnWithOldNumbersAreOfAMachineThatWasSetBack() {
        rig.start(oneStep());
        poll("p", 9);
        JobRecord job = rig.store.job(rig.node(KEY).job().orElseThrow()).orElseThrow();
        rig.started("a", job);
        for (long number = 2; number < 7; number++) {
            poll("p", number);
        }
        assertThat(rig.node(KEY).attempt()).as("it was lost").isEqualTo(2);
    }

    @Test
    void cancellingEndsWhatRunsAndStartsNothingMore() {
        FakePlan.Builder plan = FakePlan.of("demo");
        NodeKey first = plan.step("s", "a").key();
        NodeKey second = plan.step("t", "b").reads(first).key();
        NodeKey ready = plan.step("u", "b").key();
        rig.start(plan.build());
        JobRecord job = rig.take("a");
        rig.cancel();
        assertThat(rig.runState()).isEqualTo(RunRecord.State.CANCELLING);
        assertThat(rig.state(ready)).isEqualTo(NodeState.CANCELLED);
        assertThat(rig.poll("a", job).cancel()).hasSize(1);
        rig.report("a", job, Outcome.CANCELLED);
        assertThat(rig.runState()).isEqualTo(RunRecord.State.CANCELLED);
        assertThat(rig.state(second)).isEqualTo(NodeState.BLOCKED);
        rig.retry();
        assertThat(rig.take("a").attempt()).isEqualTo(2);
    }

    @Test
    void whatHappenedInSpiteOfTheCancellationIsRecorded() {
        rig.start(oneStep());
        JobRecord job = rig.take("a");
        rig.cancel();
        rig.report("a", job, Outcome.SUCCEEDED);
        assertThat(rig.state(KEY)).isEqualTo(NodeState.SUCCEEDED);
        assertThat(rig.result("demo", KEY)).isPresent();
    }

    @Test
    void aCancellationThatNobodyConfirmsIsFenced() {
        rig.start(oneStep());
        JobRecord job = rig.take("a");
        rig.cancel();
        rig.restart();
        rig.pass(Duration.ofSeconds(40));
        assertThat(rig.runState()).isEqualTo(RunRecord.State.CANCELLED);
        assertThat(rig.state(KEY)).isEqualTo(NodeState.CANCELLED);
        assertThat(rig.node(KEY).token()).isGreaterThan(job.token());
        assertThat(rig.node(KEY).question()).isEqualTo(Optional.<Question>empty());
    }
}
