package dev.formwork.agent.job;

import dev.formwork.agent.pace.Backoff;
import dev.formwork.agent.pace.Signal;
import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.transport.Contact;
import dev.formwork.agent.transport.Engine;
import dev.formwork.agent.transport.EngineRefusalException;
import dev.formwork.agent.transport.UnwantedException;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.OptionalLong;

/// Sends a job's log to the engine from a thread of its own, from the start: what the engine has
/// already it ignores, and says so. Ends when the engine has the whole log or does not want it.
final class LogSender {
    private static final System.Logger LOG = System.getLogger(LogSender.class.getName());
    private static final int MOST_AT_ONCE = 256 << 10;
    private static final int PATIENCE = 20;

    private final Job job;
    private final LogSpool spool;
    private final Engine engine;
    private final Contact contact;
    private final Runnable onFenced;
    private final Runnable onDone;
    private final Signal wake = new Signal();
    private volatile boolean done;
    private volatile boolean closed;

    /// @param onFenced told where the engine has given out a newer token
    /// @param onDone told at the end
    LogSender(
            Job job,
            LogSpool spool,
            Engine engine,
            Contact contact,
            Runnable onFenced,
            Runnable onDone) {
        this.job = job;
        this.spool = spool;
        this.engine = engine;
        this.contact = contact;
        this.onFenced = onFenced;
        this.onDone = onDone;
    }

    /// Starts the thread, which ends by itself after [LogSpool#complete] or [#close()].
    void start() {
        Thread.ofVirtual().name("log-" + job.id()).start(this::run);
    }

    boolean isDone() {
        return done;
    }

    /// Gives up what is not sent yet.
    void close() {
        closed = true;
        spool.completeWhereItIs();
        wake.raise();
    }

    private void run() {
        try {
            send();
        } catch (EngineRefusalException e) {
            if (e.endsTheJob() && !e.isNotFound()) {
                onFenced.run();
            } else {
                LOG.log(
                        Level.WARNING,
                        "job {0}: the engine does not want the log: {1}",
                        job.id(),
                        e.getMessage());
            }
        } catch (UnwantedException | InterruptedException e) {
            LOG.log(Level.DEBUG, "job {0}: the log is given up", job.id());
        } catch (IOException | RuntimeException e) {
            LOG.log(Level.ERROR, "job " + job.id() + ": the log can't be sent", e);
        } finally {
            done = true;
            onDone.run();
        }
    }

    private void send() throws IOException, UnwantedException, InterruptedException {
        Backoff backoff = contact.backoff();
        long position = 0;
        long furthest = 0;
        int standstills = 0;
        while (spool.awaitBeyond(position)) {
            long next = send(position);
            // Answers that lead nowhere must not become a busy loop, nor keep the result for ever.
            if (next > furthest) {
                furthest = next;
                standstills = 0;
                backoff.reset();
            } else if (next <= position) {
                if (++standstills > PATIENCE) {
                    LOG.log(Level.WARNING, "job {0}: the log gets nowhere", job.id());
                    return;
                }
                wake.await(backoff.next());
            }
            position = next;
        }
    }

    /// Sends what there is at a position, and returns the position that the engine wants next.
    private long send(long position) throws IOException, UnwantedException, InterruptedException {
        byte[] bytes = spool.read(position, MOST_AT_ONCE);
        long offset = job.logOffset() + position;
        long next;
        try {
            next =
                    contact.untilAnswered(
                            () -> engine.log(job.id(), job.token(), offset, bytes),
                            wake,
                            () -> closed);
        } catch (EngineRefusalException e) {
            OptionalLong wanted = e.wantedOffset();
            if (wanted.isEmpty()) {
                throw e;
            }
            next = wanted.getAsLong();
        }
        return Math.max(0, next - job.logOffset());
    }
}
