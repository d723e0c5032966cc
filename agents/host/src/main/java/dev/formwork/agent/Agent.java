package dev.formwork.agent;

import dev.formwork.agent.identity.Registration;
import dev.formwork.agent.identity.Registration.Established;
import dev.formwork.agent.job.Jobs;
import dev.formwork.agent.job.Machine;
import dev.formwork.agent.job.Workplace;
import dev.formwork.agent.pace.Backoff;
import dev.formwork.agent.pace.Signal;
import dev.formwork.agent.protocol.Cancel;
import dev.formwork.agent.protocol.Facts;
import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.Poll;
import dev.formwork.agent.protocol.PollNumber;
import dev.formwork.agent.transport.EngineRefusalException;
import dev.formwork.agent.transport.EngineUnreachableException;
import dev.formwork.agent.transport.PollAnswer;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.UUID;

/// The agent's loop: registers, takes up the jobs of the journal, and polls for ever.
final class Agent {
    private static final System.Logger LOG = System.getLogger(Agent.class.getName());
    private static final Duration AT_ONCE = Duration.ofSeconds(1);
    private static final Duration BETWEEN_FACTS = Duration.ofMinutes(1);

    private final Registration registration;
    private final Workplace workplace;
    private final Presence presence;
    private final FactsSource facts;
    private final String version;
    private final String process = UUID.randomUUID().toString();

    /// That the machine is there, and this agent's to work.
    interface Presence {
        /// Looked for before each poll, since a poll says that the machine is well and what runs
        /// there, and the engine goes by the polls of the one that came last.
        ///
        /// @throws IOException where it is not, or not any more
        void require() throws IOException;
    }

    /// Where facts come from.
    interface FactsSource {
        Facts read() throws IOException;
    }

    Agent(
            Registration registration,
            Workplace workplace,
            Presence presence,
            FactsSource facts,
            String version) {
        this.registration = registration;
        this.workplace = workplace;
        this.presence = presence;
        this.facts = facts;
        this.version = version;
    }

    /// Returns only with an exception, and leaves its jobs to themselves then.
    void run() throws InterruptedException, IOException {
        Facts first = facts.read();
        Established established = registration.establish(false, version, workplace.bootId(), first);
        Machine machine =
                new Machine(
                        established.registered().machineId(),
                        established.registered().machineName(),
                        first.address());
        Thread sending =
                Thread.ofVirtual()
                        .name("facts")
                        .unstarted(() -> sendFacts(first, established.toldFacts()));
        try (Jobs jobs = new Jobs(workplace, machine)) {
            jobs.recover();
            sending.start();
            poll(jobs, established.registered().pollSeconds());
        } finally {
            sending.interrupt();
        }
    }

    private void poll(Jobs jobs, int waitSeconds) throws InterruptedException, IOException {
        Backoff backoff = workplace.contact().backoff();
        Backoff nothingNew = workplace.contact().briefBackoff();
        Signal pause = new Signal();
        for (long count = 1; true; count++) {
            requireNotEnding();
            presence.require();
            long start = System.nanoTime();
            Poll poll =
                    new Poll(
                            version,
                            workplace.bootId(),
                            new PollNumber(process, count),
                            jobs.running(),
                            waitSeconds);
            try {
                PollAnswer answer = workplace.engine().poll(poll);
                workplace.contact().answered();
                backoff.reset();
                boolean atOnce = System.nanoTime() - start < AT_ONCE.toNanos();
                if (take(jobs, answer) || !atOnce) {
                    nothingNew.reset();
                } else {
                    // What is known already must not become a busy loop.
                    pause.await(nothingNew.next());
                }
            } catch (EngineUnreachableException e) {
                requireNotEnding();
                workplace.contact().unanswered(e);
                pause.await(backoff.next());
            } catch (EngineRefusalException e) {
                refused(e);
                pause.await(backoff.next());
            }
        }
    }

    private static void requireNotEnding() throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("the agent is to end");
        }
    }

    private static boolean take(Jobs jobs, PollAnswer answer) {
        boolean news = false;
        for (Job job : answer.jobs()) {
            news |= jobs.offer(job);
        }
        for (Cancel cancel : answer.cancel()) {
            news |= jobs.cancel(cancel);
        }
        answer.unreadable().forEach(jobs::refuse);
        return news;
    }

    private void refused(EngineRefusalException refusal) throws InterruptedException, IOException {
        LOG.log(Level.WARNING, "the engine refuses a poll: {0}", refusal.getMessage());
        if (refusal.isUnauthorised()) {
            registration.establish(true, version, workplace.bootId(), facts.read());
        }
    }

    /// Those of before, where they can't be read.
    private Facts factsNow(@Nullable Facts before, Facts first) throws InterruptedException {
        try {
            return facts.read();
        } catch (InterruptedIOException e) {
            throw new InterruptedException(e.getMessage());
        } catch (IOException e) {
            LOG.log(Level.WARNING, "the facts can''t be read: {0}", e.getMessage());
            return before == null ? first : before;
        }
    }

    private void sendFacts(Facts first, boolean told) {
        Signal pause = new Signal();
        Facts sent = told ? first : null;
        try {
            while (true) {
                Facts now = factsNow(sent, first);
                if (!now.equals(sent)) {
                    try {
                        workplace.engine().facts(now);
                        sent = now;
                    } catch (EngineUnreachableException | EngineRefusalException e) {
                        LOG.log(Level.DEBUG, "facts not sent: {0}", e.getMessage());
                    }
                }
                pause.await(BETWEEN_FACTS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
