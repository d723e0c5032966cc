package dev.formwork.bench.agents;

import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.JobId;
import dev.formwork.agent.protocol.Outcome;
import dev.formwork.agent.protocol.Poll;
import dev.formwork.agent.protocol.PollNumber;
import dev.formwork.agent.protocol.Polled;
import dev.formwork.agent.protocol.ProtocolJson;
import dev.formwork.agent.protocol.Report;
import dev.formwork.agent.protocol.RunningJob;
import dev.formwork.agent.protocol.Started;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/// One agent that does what the real one does, but for the work: a poll that is always on its way,
/// a journal (in memory), `started` before a job begins and its result when it has ended.
final class LightAgent {
    private static final String BOOT = "b-bench";
    private static final int WAIT_SECONDS = 25;
    private static final Map<String, JsonNode> OUTPUTS =
            Map.of("client_url", ProtocolJson.string("http://127.0.0.1:2379"));

    private final URI engine;
    private final String credential;
    private final Supplier<Executor> pace;
    private final Map<JobId, Long> journal = new ConcurrentHashMap<>();

    /// @param pace what runs the rest of a job when the job has taken its time
    LightAgent(URI engine, String credential, Supplier<Executor> pace) {
        this.engine = engine;
        this.credential = credential;
        this.pace = pace;
    }

    /// Polls until the engine hangs up.
    void run() throws IOException {
        try (LightConnection polls = new LightConnection(engine, credential);
                Work work = new Work()) {
            for (long count = 0; ; count++) {
                List<RunningJob> running =
                        journal.entrySet().stream()
                                .map(each -> new RunningJob(each.getKey(), each.getValue()))
                                .toList();
                byte[] answer =
                        polls.post(
                                "/agent/v1/poll",
                                ProtocolJson.write(
                                        new Poll(
                                                "bench",
                                                BOOT,
                                                new PollNumber("bench", count),
                                                running,
                                                WAIT_SECONDS)));
                for (Job job : ProtocolJson.read(answer, Polled.class).jobs()) {
                    if (journal.putIfAbsent(job.id(), job.token()) == null) {
                        Thread.startVirtualThread(() -> work.start(job));
                    }
                }
            }
        }
    }

    /// The connection for all but polls, made when there is a job.
    private final class Work implements AutoCloseable {
        private @Nullable LightConnection connection;

        private void start(Job job) {
            say(job, "started", new Started(job.token(), job.phase()));
            pace.get().execute(() -> end(job));
        }

        private void end(Job job) {
            say(
                    job,
                    "result",
                    new Report(
                            job.token(),
                            job.phase(),
                            Outcome.SUCCEEDED,
                            0,
                            null,
                            null,
                            OUTPUTS,
                            0,
                            BOOT));
            journal.remove(job.id());
        }

        private synchronized void say(Job job, String what, Object message) {
            try {
                LightConnection open =
                        connection == null ? new LightConnection(engine, credential) : connection;
                connection = open;
                open.post("/agent/v1/jobs/" + job.id() + "/" + what, ProtocolJson.write(message));
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public synchronized void close() throws IOException {
            if (connection != null) {
                connection.close();
            }
        }
    }
}
