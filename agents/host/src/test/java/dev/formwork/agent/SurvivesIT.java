package dev.formwork.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.Outcome;
import dev.formwork.agent.protocol.Report;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Crashes of the agent, the engine and the machine, and lost connections: nothing is lost, nothing
/// is doubled.
class SurvivesIT {
    FakeEngine engine;
    AgentProcess agent;
    Path state;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        engine = FakeEngine.start();
        engine.add(TestJobs.EMPTY_MODULE);
        agent = agent(folder, engine.url()).start();
        state = agent.agentFolder().resolve("state");
    }

    /// The one that is held to all of this.
    AgentProcess agent(Path folder, URI engine) throws IOException {
        return new AgentProcess(folder, engine);
    }

    /// Called where the agent undergoes what only a process can.
    void beAProcess() throws IOException {
        // It is one.
    }

    @AfterEach
    void stop() throws IOException {
        agent.close();
        engine.close();
    }

    /// Counts to 25 in its log, about 2.5 seconds; notes in the machine's state that it started.
    private static TestJobs counting(String id) {
        return TestJobs.shell(
                        id,
                        """
                        echo $FORMWORK_JOB >> $FORMWORK_STATE/started
                        i=0
                        while [ $i -lt 25 ]; do i=$((i+1)); echo line $i; sleep 0.1; done
                        echo $i > $FORMWORK_OUTPUTS/count
                        """)
                .output("count", "integer");
    }

    private static final String COUNTED =
            IntStream.rangeClosed(1, 25)
                    .mapToObj(i -> "line " + i + "\n")
                    .collect(Collectors.joining());

    @Test
    void goesOnWithAJobAfterItWasKilled() throws Exception {
        beAProcess();
        Job job = counting("j-1").job();
        engine.offer(job);
        engine.awaitLog(job, "line 5\n");

        agent.kill();
        agent.start();
        Report report = engine.awaitReport(job);

        assertThat(report.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(report.outputs()).containsEntry("count", TestJobs.json("25"));
        assertThat(engine.log(job)).isEqualTo(COUNTED);
        assertThat(state.resolve("started")).hasContent("j-1");
    }

    @Test
    void reportsAJobThatEndedWhileItWasDead() throws Exception {
        Job job = counting("j-1").job();
        engine.offer(job);
        engine.awaitLog(job, "line 5\n");

        agent.kill();
        engine.await("no more children", agent::hasNoChildren);
        agent.start();
        Report report = engine.awaitReport(job);

        assertThat(report.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(engine.log(job)).isEqualTo(COUNTED);
        assertThat(engine.registrations()).hasSize(1);
    }

    @Test
    void survivesBeingKilledAtAnyMoment() throws Exception {
        beAProcess();
        for (int i = 1; i <= 12; i++) {
            Job job =
                    TestJobs.shell(
                                    "j-" + i,
                                    "echo $FORMWORK_JOB >> $FORMWORK_STATE/started; echo done")
                            .job();
            engine.offer(job);
            int moment = i * 12;
            if (i > 1) {
                engine.await("moment", new Countdown(moment)::isOver);
            } else {
                engine.awaitStart(job);
            }
            agent.kill();
            agent.start();

            Report report = engine.awaitReport(job.id(), 1, 1);

            assertThat(report.outcome()).isEqualTo(Outcome.SUCCEEDED);
            assertThat(engine.log(job)).isEqualTo("done\n");
        }
        assertThat(Files.readAllLines(state.resolve("started")))
                .doesNotHaveDuplicates()
                .hasSize(12);
    }

    private static final class Countdown {
        private final long end;

        Countdown(int millis) {
            end = System.nanoTime() + Duration.ofMillis(millis).toNanos();
        }

        boolean isOver() {
            return System.nanoTime() > end;
        }
    }

    @Test
    void endsCleanlyOnTermAndLeavesJobsRunning() throws Exception {
        beAProcess();
        Job job = counting("j-1").job();
        engine.offer(job);
        engine.awaitLog(job, "line 5\n");

        assertThat(agent.terminate()).isZero();
        assertThat(agent.hasNoChildren()).isFalse();
        agent.start();

        assertThat(engine.awaitReport(job).outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(engine.log(job)).isEqualTo(COUNTED);
    }

    @Test
    void sendsTheLogAgainWhenConnectionsDrop() {
        AtomicInteger calls = new AtomicInteger();
        engine.loseAnswers(call -> call.startsWith("PUT ") && calls.incrementAndGet() % 3 != 0);
        Job job = counting("j-1").job();
        engine.offer(job);

        Report report = engine.awaitReport(job);

        assertThat(engine.log(job)).isEqualTo(COUNTED);
        assertThat(report.logBytes()).isEqualTo(COUNTED.length());
        assertThat(calls).hasValueGreaterThan(3);
    }

    @Test
    void repeatsWhateverLostItsAnswer() {
        AtomicInteger calls = new AtomicInteger();
        engine.loseAnswers(call -> calls.incrementAndGet() % 2 == 1);
        Job job = TestJobs.shell("j-1", "echo x >> $FORMWORK_STATE/started; echo done").job();
        engine.offer(job);

        assertThat(engine.awaitReport(job).outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(engine.log(job)).isEqualTo("done\n");
        assertThat(state.resolve("started")).hasContent("x");
        assertThat(engine.registrations())
                .hasSizeGreaterThan(1)
                .allMatch(one -> one.equals(engine.registrations().getFirst()));
    }

    @Test
    void waitsForAnEngineThatIsDown() throws Exception {
        beAProcess();
        Job job = counting("j-1").job();
        engine.offer(job);
        engine.awaitLog(job, "line 5\n");

        engine.stopServer();
        engine.await("no more children", agent::hasNoChildren);
        engine.startServer();
        Report report = engine.awaitReport(job);

        assertThat(report.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(engine.log(job)).isEqualTo(COUNTED);
        // Not one line a try. Two at most: an answer that had come before the connections broke may
        // be noticed after the first of them broke.
        assertThat(lines("the engine does not answer")).isBetween(1L, 2L);
        assertThat(lines("the engine answers again")).isBetween(1L, 2L);
    }

    @Test
    void namesAJobInEveryPollUntilItsResultIsAcknowledged() {
        engine.refuseService(call -> call.endsWith("/result"));
        Job job = TestJobs.shell("j-1", "true").job();
        engine.offer(job);
        engine.awaitStart(job);
        int polls = engine.polls().size();
        engine.await("two polls more", () -> engine.polls().size() >= polls + 2);

        assertThat(engine.polls().getLast().running())
                .singleElement()
                .satisfies(running -> assertThat(running.job()).isEqualTo(job.id()));
        assertThat(engine.polls())
                .as("a poll is known to be newer by its number")
                .extracting(poll -> Objects.requireNonNull(poll.number()).count())
                .isSorted()
                .doesNotHaveDuplicates();

        engine.refuseService(call -> false);
        engine.awaitReport(job);
        // Polls may be sent before the acknowledgement is there.
        engine.await(
                "a poll that names nothing", () -> engine.polls().getLast().running().isEmpty());
    }

    @Test
    void doesNotStartAJobTwiceThatIsOfferedAgain() {
        Job job = TestJobs.shell("j-1", "echo x >> $FORMWORK_STATE/started").job();
        engine.offer(job);
        engine.awaitReport(job);

        int polls = engine.polls().size();
        engine.offer(job);
        // Offered in each answer until the agent says that it was started; a poll after that is
        // sent
        // when the agent has done what it does about the offer.
        engine.await("two polls more", () -> engine.polls().size() >= polls + 2);
        engine.await("no offer", () -> !engine.offers(job));

        assertThat(state.resolve("started")).hasContent("x");
    }

    @Test
    void saysInterruptedAfterTheMachineWentDown() throws Exception {
        Job job = TestJobs.shell("j-1", "echo before; sleep 1000").job();
        engine.offer(job);
        engine.awaitLog(job, "before\n");
        agent.kill();
        agent.children().forEach(ProcessHandle::destroyForcibly);

        agent.with("FORMWORK_BOOT_ID", "boot-2").start();
        Report report = engine.awaitReport(job);

        assertThat(report.outcome()).isEqualTo(Outcome.INTERRUPTED);
        assertThat(report.detail()).isEqualTo("the machine went down");
        assertThat(report.bootId()).isEqualTo("boot-2");
        assertThat(engine.log(job)).isEqualTo("before\n");
    }

    @Test
    void saysInterruptedWhenTheProcessVanished() throws Exception {
        Job job = TestJobs.shell("j-1", "echo before; sleep 1000").job();
        engine.offer(job);
        engine.awaitLog(job, "before\n");

        agent.children().forEach(ProcessHandle::destroyForcibly);
        Report report = engine.awaitReport(job);

        assertThat(report.outcome()).isEqualTo(Outcome.INTERRUPTED);
        assertThat(report.detail()).isEqualTo("its process vanished");
    }

    @Test
    void rebootsOnlyAfterTheEngineHasStoredThatItWill() throws Exception {
        Job job =
                TestJobs.shell(
                                "j-1",
                                """
                                echo phase $FORMWORK_PHASE
                                echo $FORMWORK_PHASE >> phases
                                if [ $FORMWORK_PHASE = 1 ]; then echo reboot > $FORMWORK_REQUEST; exit 0; fi
                                cat phases | wc -l > $FORMWORK_OUTPUTS/phases
                                """)
                        .output("phases", "integer")
                        .job();
        engine.refuseService(call -> call.endsWith("/result"));
        engine.offer(job);
        engine.awaitLog(job, "phase 1\n");
        int polls = engine.polls().size();
        engine.await("two polls more", () -> engine.polls().size() >= polls + 2);
        assertThat(agent.power()).isEmpty();

        engine.refuseService(call -> false);
        assertThat(engine.awaitReport(job).outcome()).isEqualTo(Outcome.REBOOT);
        engine.await("the reboot", () -> power().equals("reboot\n"));
        Job second = job.nextPhase(engine.log(job).length());
        engine.offer(second);
        int before = engine.polls().size();
        engine.await("two polls more", () -> engine.polls().size() >= before + 2);
        assertThat(engine.starts()).doesNotContain(FakeEngine.start(second));

        agent.kill();
        agent.with("FORMWORK_BOOT_ID", "boot-2").start();
        Report report = engine.awaitReport(second);

        assertThat(report.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(report.outputs()).containsEntry("phases", TestJobs.json("2"));
        assertThat(engine.log(job)).isEqualTo("phase 1\nphase 2\n");
        assertThat(report.logBytes()).isEqualTo(16);
        assertThat(agent.power()).isEqualTo("reboot\n");
    }

    @Test
    void rebootsAfterItWasKilledBetweenTheAnswerAndTheReboot() throws Exception {
        agent.terminate();
        agent.with("FORMWORK_REBOOT_COMMAND", "exit 1").start();
        Job job = TestJobs.shell("j-1", "echo incomplete > $FORMWORK_REQUEST").job();
        engine.offer(job);
        assertThat(engine.awaitReport(job).outcome()).isEqualTo(Outcome.INCOMPLETE);
        agent.kill();

        agent.with(
                        "FORMWORK_REBOOT_COMMAND",
                        "echo again > " + agent.output().resolveSibling("power"))
                .start();

        engine.await("the reboot", () -> power().equals("again\n"));
    }

    @Test
    void powersOffWithItsOutputsReported() {
        Job job =
                TestJobs.shell(
                                "j-1",
                                "echo 1 > $FORMWORK_OUTPUTS/x; echo power-off > $FORMWORK_REQUEST")
                        .output("x", "integer")
                        .job();
        engine.offer(job);
        Report report = engine.awaitReport(job);

        assertThat(report.outcome()).isEqualTo(Outcome.POWER_OFF);
        assertThat(report.outputs()).containsEntry("x", TestJobs.json("1"));
        engine.await("power off", () -> power().equals("off\n"));
    }

    /// The engine has the report, and its next job for the machine is faster than its answer.
    @Test
    void startsNothingMoreOnceTheEngineMayKnowThatTheMachineGoesDown() throws IOException {
        Job last = TestJobs.shell("j-1", "echo power-off > $FORMWORK_REQUEST").job();
        Job next = TestJobs.shell("j-2", "true").job();
        engine.loseAnswers(call -> call.endsWith("/result"));
        engine.offer(last);
        assertThat(engine.awaitReport(last).outcome()).isEqualTo(Outcome.POWER_OFF);

        engine.offer(next);
        int before = engine.polls().size();
        engine.await("two polls more", () -> engine.polls().size() >= before + 2);
        assertThat(engine.starts()).doesNotContain(FakeEngine.start(next));
        assertThat(agent.power()).isEmpty();

        engine.loseAnswers(call -> false);
        engine.await("power off", () -> power().equals("off\n"));
        assertThat(engine.starts()).doesNotContain(FakeEngine.start(next));
    }

    private long lines(String part) throws IOException {
        return agent.outputText().lines().filter(line -> line.contains(part)).count();
    }

    private String power() {
        try {
            return agent.power();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
