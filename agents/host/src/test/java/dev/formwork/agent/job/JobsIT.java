package dev.formwork.agent.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.agent.TestJobs;
import dev.formwork.agent.journal.Journal;
import dev.formwork.agent.journal.JournalEntry;
import dev.formwork.agent.journal.JournalEntry.Over;
import dev.formwork.agent.module.ModuleCache;
import dev.formwork.agent.power.MachinePower;
import dev.formwork.agent.protocol.Facts;
import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.JobId;
import dev.formwork.agent.protocol.ModuleDigest;
import dev.formwork.agent.protocol.Poll;
import dev.formwork.agent.protocol.Register;
import dev.formwork.agent.protocol.Registered;
import dev.formwork.agent.protocol.Report;
import dev.formwork.agent.protocol.Started;
import dev.formwork.agent.runner.Runners;
import dev.formwork.agent.transport.Contact;
import dev.formwork.agent.transport.Engine;
import dev.formwork.agent.transport.PollAnswer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// The jobs of a machine whose journal is slow.
class JobsIT {
    @TempDir private Path folder;
    private final CountDownLatch isWriting = new CountDownLatch(1);
    private final CountDownLatch mayWrite = new CountDownLatch(1);

    @Test
    void othersAreTakenWhileTheJournalWritesThatOneIsOver() throws Exception {
        SlowJournal journal = new SlowJournal(Journal.open(folder.resolve("journal")));
        try (Jobs jobs = new Jobs(workplace(journal), new Machine("m-1", "node-1", "127.0.0.1"))) {
            jobs.offer(broken("j-1"));
            assertThat(isWriting.await(1, TimeUnit.MINUTES)).isTrue();

            CompletableFuture<Boolean> another =
                    CompletableFuture.supplyAsync(() -> jobs.offer(broken("j-2")));
            assertThat(another.get(1, TimeUnit.MINUTES)).isTrue();
            assertThat(jobs.offer(broken("j-1"))).as("it is held still").isFalse();
            CompletableFuture<Boolean> newer =
                    CompletableFuture.supplyAsync(() ->
                            jobs.offer(TestJobs.shell("j-1", "x").runner("none").token(2).job()));
            assertThat(newer.get(1, TimeUnit.MINUTES)).isTrue();
            mayWrite.countDown();

            journal.bothAreOver.get(1, TimeUnit.MINUTES);
            assertThat(journal.read())
                    .filteredOn(entry -> entry.id().equals(new JobId("j-1")))
                    .singleElement()
                    .satisfies(entry -> assertThat(((Over) entry).token()).isEqualTo(2));
        }
    }

    /// A job that fails before anything is started.
    private static Job broken(String id) {
        return TestJobs.shell(id, "x").runner("none").job();
    }

    private Workplace workplace(Journal journal) throws IOException {
        Engine engine = new AgreeableEngine();
        Path jobs = Files.createDirectories(folder.resolve("jobs"));
        return new Workplace(
                engine,
                new Contact(new Random()),
                journal,
                ModuleCache.open(folder.resolve("modules"), engine),
                new Runners(List.of()),
                JobSite.here(),
                new MachinePower("true", "true"),
                Clock.systemUTC(),
                "b-1",
                Map.of(),
                jobs,
                folder.resolve("state"),
                null);
    }

    /// Waits before it writes that something is over.
    private final class SlowJournal implements Journal {
        private final Journal journal;
        private final CompletableFuture<Boolean> bothAreOver = new CompletableFuture<>();

        SlowJournal(Journal journal) {
            this.journal = journal;
        }

        @Override
        public void write(JournalEntry entry) throws IOException {
            if (entry instanceof Over) {
                isWriting.countDown();
                try {
                    mayWrite.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
            }
            journal.write(entry);
            if (entry instanceof Over over && over.token() == 2) {
                bothAreOver.complete(true);
            }
        }

        @Override
        public void forget(JobId id) throws IOException {
            journal.forget(id);
        }

        @Override
        public List<JournalEntry> read() throws IOException {
            return journal.read();
        }
    }

    /// Wants to know everything, and knows no module.
    private static final class AgreeableEngine implements Engine {
        @Override
        public Registered register(Register register) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void identify(String machineId, String credential) {
            throw new UnsupportedOperationException();
        }

        @Override
        public PollAnswer poll(Poll poll) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void started(JobId job, Started started) {}

        @Override
        public long log(JobId job, long token, long offset, byte[] bytes) {
            return offset + bytes.length;
        }

        @Override
        public void result(JobId job, Report report) {}

        @Override
        public void facts(Facts facts) {}

        @Override
        public void module(ModuleDigest digest, Path zip) throws IOException {
            throw new IOException("no such module");
        }
    }
}
