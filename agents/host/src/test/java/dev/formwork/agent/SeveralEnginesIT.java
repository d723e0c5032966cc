package dev.formwork.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.Outcome;
import dev.formwork.agent.protocol.Poll;
import dev.formwork.agent.protocol.Report;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Two engines on one store, of which one dies: the agent goes on at the other.
final class SeveralEnginesIT {
    private static final String COUNTED =
            IntStream.rangeClosed(1, 30)
                    .mapToObj(i -> "line " + i + "\n")
                    .collect(Collectors.joining());

    private FakeEngine engine;
    private Door first;
    private Door second;
    private AgentProcess agent;

    @BeforeEach
    void start(@TempDir Path folder) throws IOException {
        engine = FakeEngine.start();
        engine.add(TestJobs.EMPTY_MODULE);
        first = engine.door();
        second = engine.openDoor();
        agent = new AgentProcess(folder, first.url());
    }

    @AfterEach
    void stop() throws IOException {
        agent.close();
        engine.close();
    }

    @Test
    void goesOnInTheMiddleOfAJobAtOneThatTheOtherNamed() throws Exception {
        engine.tell(first.url(), second.url());
        agent.start();
        Job job = startCounting();
        assertThat(second.calls()).isEmpty();

        first.close();

        assertCountedOnce(job, engine.awaitReport(job));
        assertThat(second.calls()).contains("POST /agent/v1/jobs/j-1/result");
        assertThat(second.calls()).doesNotContain("POST /agent/v1/register");
        assertThat(agent.outputText())
                .contains("going on with the engine at " + second.url())
                .doesNotContain("does not answer");
    }

    @Test
    void knowsWhatItLearnedAfterItWasKilledWithTheEngine() throws Exception {
        engine.tell(second.url());
        agent.start();
        Job job = startCounting();

        agent.kill();
        first.close();
        agent.start();

        assertCountedOnce(job, engine.awaitReport(job));
        assertThat(second.calls()).contains("POST /agent/v1/jobs/j-1/result");
    }

    @Test
    void comesBackWhenTheOtherDiesToo() throws Exception {
        engine.tell(first.url(), second.url());
        agent.start();
        Job job = startCounting();

        first.close();
        engine.awaitLog(job, "line 15\n");
        first.open();
        second.close();

        assertCountedOnce(job, engine.awaitReport(job));
    }

    @Test
    void leavesOneThatHangs() throws Exception {
        engine.holdPolls(30);
        engine.tell(first.url(), second.url());
        agent.start();
        Job job = startCounting();

        first.hang();

        assertCountedOnce(job, engine.awaitReport(job));
        assertThat(engine.polls()).last().extracting(Poll::waitSeconds).isEqualTo(10);
        assertThat(agent.outputText()).contains("going on with the engine at " + second.url());
    }

    @Test
    void repeatsAtTheNextWhatTheFirstDidNotAnswer() throws Exception {
        AtomicBoolean loses = new AtomicBoolean(true);
        engine.loseAnswers(call -> call.endsWith("/result") && loses.getAndSet(false));
        engine.tell(first.url(), second.url());
        agent.start();
        Job job = TestJobs.shell("j-1", "echo x >> $FORMWORK_STATE/started; echo done").job();
        engine.offer(job);
        engine.await("the result, twice", () -> engine.reports().size() == 2);

        assertThat(engine.reports()).containsOnly(engine.awaitReport(job));
        assertThat(first.calls()).containsOnlyOnce("POST /agent/v1/jobs/j-1/result");
        assertThat(second.calls()).containsOnlyOnce("POST /agent/v1/jobs/j-1/result");
        assertThat(engine.log(job)).isEqualTo("done\n");
        assertThat(state("started")).hasContent("x");
    }

    @Test
    void registersAtTheNextOfItsSettingWhereTheFirstIsNotReady() throws Exception {
        Door dead = engine.openDoor();
        URI nobody = dead.url();
        dead.close();
        first.refuseService();
        agent.with("FORMWORK_ENGINE_URL", "%s, %s, %s".formatted(nobody, first.url(), second.url()))
                .start();

        Job job = startCounting();

        assertCountedOnce(job, engine.awaitReport(job));
        // One try of the first call, and no other: later calls stay with the one that answers.
        assertThat(first.calls()).containsExactly("POST /agent/v1/register");
    }

    @Test
    void waitsWhereNoneAnswersAndSaysSoOnce() throws Exception {
        engine.tell(first.url(), second.url());
        agent.start();
        Job job = startCounting();

        first.close();
        second.close();
        engine.await("the end of the script", agent::hasNoChildren);
        second.open();

        assertCountedOnce(job, engine.awaitReport(job));
        assertThat(agent.outputText().lines().filter(line -> line.contains("does not answer")))
                .hasSizeBetween(1, 2)
                .first()
                .asString()
                .contains(first.url().toString(), second.url().toString());
    }

    /// A job of about 3 seconds, of which some is done.
    private Job startCounting() {
        Job job =
                TestJobs.shell(
                                "j-1",
                                """
                                echo x >> $FORMWORK_STATE/started
                                i=0
                                while [ $i -lt 30 ]; do i=$((i+1)); echo line $i; sleep 0.1; done
                                echo $i > $FORMWORK_OUTPUTS/count
                                """)
                        .output("count", "integer")
                        .job();
        engine.offer(job);
        engine.awaitLog(job, "line 5\n");
        return job;
    }

    private void assertCountedOnce(Job job, Report report) {
        assertThat(report.outcome()).isEqualTo(Outcome.SUCCEEDED);
        assertThat(report.outputs()).containsEntry("count", TestJobs.json("30"));
        assertThat(engine.log(job)).isEqualTo(COUNTED);
        assertThat(engine.reports()).containsOnly(report);
        assertThat(engine.starts()).containsOnly(FakeEngine.start(job));
        assertThat(engine.registrations()).hasSize(1);
        assertThat(state("started")).hasContent("x");
    }

    private Path state(String file) {
        return agent.agentFolder().resolve("state").resolve(file);
    }
}
