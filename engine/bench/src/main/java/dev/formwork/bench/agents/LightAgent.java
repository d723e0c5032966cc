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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// One agent that does what the real one does, but for the work: a poll that is always on its way,
/// a journal (in memory), `started` before a job begins and its result when it has ended. Where it
/// knows several engines it goes on at the next, as the real one, when one does not answer; where
/// it knows one it ends with it.
final class LightAgent {
    private static final String BOOT = "b-bench";
    private static final int WAIT_SECONDS = 25;
    private static final int WAIT_SECONDS_AT_ONE_OF_SEVERAL = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(8);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(200);
    private static final Map<String, JsonNode> OUTPUTS =
            Map.of("client_url", ProtocolJson.string("http://127.0.0.1:2379"));

    private final List<URI> engines;
    private final String credential;
    private final Supplier<Executor> pace;
    private final Consumer<String> began;
    private final int waitSeconds;
    private final Map<JobId, Long> journal = new ConcurrentHashMap<>();

    /// Counts on: which of the engines it talks to is the rest of a division.
    private final AtomicInteger current;

    /// @param first which engine it talks to first
    /// @param pace what runs the rest of a job when the job has taken its time
    /// @param began told the run, the step and the machine of each job that is begun
    LightAgent(
            List<URI> engines,
            int first,
            String credential,
            Supplier<Executor> pace,
            Consumer<String> began) {
        this.engines = List.copyOf(engines);
        this.current = new AtomicInteger(first % engines.size());
        this.credential = credential;
        this.pace = pace;
        this.began = began;
        this.waitSeconds = engines.size() == 1 ? WAIT_SECONDS : WAIT_SECONDS_AT_ONE_OF_SEVERAL;
    }

    /// Polls until the engine, if it is the only one, hangs up.
    void run() throws IOException {
        try (Work work = new Work()) {
            long count = 0;
            while (true) {
                int at = current.get();
                try (LightConnection polls = connect(at)) {
                    while (at == current.get()) {
                        poll(polls, count++, work);
                    }
                } catch (IOException e) {
                    goOn(at, e);
                }
            }
        }
    }

    private void poll(LightConnection polls, long count, Work work) throws IOException {
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
                                        waitSeconds)));
        for (Job job : ProtocolJson.read(answer, Polled.class).jobs()) {
            if (journal.putIfAbsent(job.id(), job.token()) == null) {
                Thread.startVirtualThread(() -> work.start(job));
            }
        }
    }

    private String machine() {
        return credential.substring(0, credential.indexOf('.'));
    }

    private LightConnection connect(int at) throws IOException {
        return new LightConnection(
                engines.get(at % engines.size()), credential, PATIENCE.plusSeconds(waitSeconds));
    }

    private void goOn(int from, IOException failure) throws IOException {
        if (engines.size() == 1) {
            throw failure;
        }
        current.compareAndSet(from, from + 1);
        LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
    }

    /// The connection for all but polls, made when there is a job.
    private final class Work implements AutoCloseable {
        private @Nullable LightConnection connection;
        private int connectedTo;

        private void start(Job job) {
            say(job, "started", new Started(job.token(), job.phase()));
            began.accept(job.run() + " " + job.step() + " " + machine());
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
            String path = "/agent/v1/jobs/" + job.id() + "/" + what;
            byte[] body = ProtocolJson.write(message);
            while (true) {
                int at = current.get();
                try {
                    open(at).post(path, body);
                    return;
                } catch (LightConnection.RefusedException e) {
                    System.err.println(e.getMessage());
                    return;
                } catch (IOException e) {
                    close();
                    try {
                        goOn(at, e);
                    } catch (IOException last) {
                        throw new IllegalStateException(last);
                    }
                }
            }
        }

        private LightConnection open(int at) throws IOException {
            LightConnection open = connection;
            if (open == null || at != connectedTo) {
                close();
                open = connect(at);
                connection = open;
                connectedTo = at;
            }
            return open;
        }

        @Override
        public synchronized void close() {
            LightConnection open = connection;
            connection = null;
            if (open != null) {
                try {
                    open.close();
                } catch (IOException _) {
                    // It is left in any case.
                }
            }
        }
    }
}
