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
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;

/// Jobs that end because somebody wants it: the engine, the clock, a newer attempt.
class EndsJobsIT {
    /// Ignores TERM, with a child that does so too and another in a process group of its own.
    private static final String STUBBORN =
            """
            trap '' TERM
            sh -c 'sleep 1000; sleep 1000' &
            echo $! $$ > $FORMWORK_STATE/stubborn
            timeout 900 sleep 1000 &
            echo $! >> $FORMWORK_STATE/stubborn
            echo ready
            while :; do sleep 0.1; done
            """;

    private FakeEngine engine;
    private AgentProcess agent;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        engine = FakeEngine.start();
        engine.add(TestJobs.EMPTY_MODULE);
        agent = agent(folder, engine.url()).start();
    }

    /// The one that is held to all of this.
    AgentProcess agent(Path folder, URI engine) throws IOException {
        return new AgentProcess(folder, engine);
    }

    @AfterEach
    void stop() throws IOException {
        agent.close();
        engine.close();
    }

    @Test
    void cancelsAScriptThatIgnoresTerm() throws IOException {
        Job job = TestJobs.shell("j-1", STUBBORN).job();
        engine.offer(job);
        engine.awaitLog(job, "ready\n");
        assertThat(agent.children()).hasSizeGreaterThan(3);

        engine.cancel(job, Duration.ofSeconds(1));
        Report report = engine.awaitReport(job);

        assertThat(report.outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(agent.children()).isEmpty();
        assertThat(engine.log(job)).isEqualTo("ready\n");
    }

    @Test
    void aSecondCancelShortensTheGrace() throws IOException {
        Job job =
                TestJobs.shell(
                                "j-1",
                                "trap 'echo asked to end' TERM; echo ready; while :; do sleep 0.1; done")
                        .job();
        engine.offer(job);
        engine.awaitLog(job, "ready\n");

        engine.cancel(job, Duration.ofHours(1));
        engine.awaitLog(job, "asked to end\n");
        engine.cancel(job, Duration.ZERO);
        Report report = engine.awaitReport(job);

        assertThat(report.outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(agent.children()).isEmpty();
    }

    @Test
    void letsACancelledScriptCleanUp() {
        Job job =
                TestJobs.shell(
                                "j-1",
                                "trap 'echo cleaned; exit 0' TERM; echo ready; while :; do sleep 0.1; done")
                        .job();
        engine.offer(job);
        engine.awaitLog(job, "ready\n");

        engine.cancel(job, Duration.ofSeconds(20));
        Report report = engine.awaitReport(job);

        assertThat(report.outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(engine.log(job)).startsWith("ready\n").endsWith("cleaned\n");
    }

    @Test
    void keepsTheTimeLimit() throws IOException {
        Job job = TestJobs.shell("j-1", STUBBORN).timeout(1).grace(1).job();
        engine.offer(job);
        Report report = engine.awaitReport(job);

        assertThat(report.outcome()).isEqualTo(Outcome.TIMED_OUT);
        assertThat(agent.children()).isEmpty();
    }

    @Test
    void keepsTheTimeLimitThoughItWasKilledMeanwhile() throws Exception {
        Job job = TestJobs.shell("j-1", "sleep 3\n" + STUBBORN).timeout(6).grace(1).job();
        engine.offer(job);
        engine.awaitLog(job, "ready\n");
        Job clock = TestJobs.shell("j-2", "sleep 6").job();
        agent.kill();
        engine.offer(clock);
        agent.start();
        Report report = engine.awaitReport(job);

        assertThat(report.outcome()).isEqualTo(Outcome.TIMED_OUT);
        // Had the limit begun anew with the agent, the job would have outlived the other, which
        // takes
        // as long as the limit and began with the second agent.
        assertThat(engine.reports()).extracting(Report::outcome).doesNotContain(Outcome.SUCCEEDED);
        engine.awaitReport(clock);
        assertThat(agent.children()).isEmpty();
    }

    @Test
    void endsAnOlderAttemptBeforeItStartsANewer() throws IOException {
        Job older = TestJobs.shell("j-1", STUBBORN).grace(1).job();
        engine.offer(older);
        engine.awaitLog(older, "ready\n");
        // The dead whom nobody has buried yet don't count.
        Job newer =
                TestJobs.shell(
                                "j-1",
                                """
                                for pid in $(cat $FORMWORK_STATE/stubborn); do
                                  grep -s '^State:' /proc/$pid/status | grep -v zombie
                                done
                                echo alone
                                """)
                        .token(2)
                        .job();

        engine.offer(newer);
        Report report = engine.awaitReport(newer);

        assertThat(report.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(engine.log(newer)).isEqualTo("alone\n");
        assertThat(agent.children()).isEmpty();
        // A report may come more than once, but never of the older.
        assertThat(engine.reports()).allMatch(one -> one.token() == newer.token());
    }

    @Test
    void endsAnOlderJobOfTheSameStep() throws IOException {
        Job older = TestJobs.shell("j-1", STUBBORN).step("member").grace(1).job();
        engine.offer(older);
        engine.awaitLog(older, "ready\n");
        Job newer = TestJobs.shell("j-2", "echo fine").step("member").token(2).job();

        engine.offer(newer);

        assertThat(engine.awaitReport(newer).outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(agent.children()).isEmpty();
    }

    @Test
    void endsAnOlderAttemptThatItFindsInItsJournal() throws Exception {
        Job older = TestJobs.shell("j-1", STUBBORN).grace(1).job();
        engine.offer(older);
        engine.awaitLog(older, "ready\n");
        agent.kill();
        Job newer = TestJobs.shell("j-1", "echo alone").token(2).job();
        engine.offer(newer);
        agent.start();

        assertThat(engine.awaitReport(newer).outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(agent.children()).isEmpty();
    }

    @Test
    void cancelsAJobThatHasNotStarted() {
        engine.refuseService(call -> call.endsWith("/started"));
        Job job = TestJobs.shell("j-1", "echo started").job();
        engine.offer(job);
        engine.await(
                "the job in a poll",
                () -> !engine.polls().isEmpty() && !engine.polls().getLast().running().isEmpty());

        engine.cancel(job, Duration.ofSeconds(1));
        Report report = engine.awaitReport(job);

        assertThat(report.outcome()).isEqualTo(Outcome.CANCELLED);
        assertThat(engine.log(job)).isEmpty();
    }
}
