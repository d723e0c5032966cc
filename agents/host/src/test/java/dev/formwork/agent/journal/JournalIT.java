package dev.formwork.agent.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.agent.TestJobs;
import dev.formwork.agent.journal.JournalEntry.Held;
import dev.formwork.agent.journal.JournalEntry.Over;
import dev.formwork.agent.protocol.JobId;
import dev.formwork.agent.protocol.Outcome;
import dev.formwork.agent.protocol.Report;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Map;

class JournalIT {
    private Path folder;
    private Journal journal;

    @BeforeEach
    void open(@TempDir Path root) throws IOException {
        folder = root.resolve("journal");
        journal = opened(folder);
    }

    final Path folder() {
        return folder;
    }

    /// The one that is held to all of this.
    Journal opened(Path at) throws IOException {
        return Journal.open(at);
    }

    @Test
    void remembersWhatWasWrittenLast() throws IOException {
        Held held =
                new Held(TestJobs.shell("j-1", "true").secret("s", "x").job(), "b-1", null, null);
        Report report = new Report(1, 1, Outcome.SUCCEEDED, 0, null, null, Map.of(), 12, "b-1");
        Over over =
                new Over(new JobId("j-2"), 3, 2, Outcome.REBOOT, "b-1", Instant.ofEpochSecond(1));
        journal.write(held);
        journal.write(over);
        journal.write(held.stopping(Outcome.TIMED_OUT).ended(report));

        assertThat(opened(folder).read())
                .containsExactlyInAnyOrder(
                        new Held(held.job(), "b-1", Outcome.TIMED_OUT, report), over);
    }

    @Test
    void isReadByItsOwnerOnly() throws IOException {
        journal.write(new Held(TestJobs.shell("j-1", "true").job(), "b-1", null, null));

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwx------");
        assertThat(
                        PosixFilePermissions.toString(
                                Files.getPosixFilePermissions(folder.resolve("j-1.json"))))
                .isEqualTo("rw-------");
    }

    @Test
    void putsAsideWhatItCannotRead() throws IOException {
        Files.writeString(folder.resolve("j-1.json"), "{\"state\": \"held\"");
        Files.writeString(folder.resolve("j-2.json.tmp"), "half");

        assertThat(journal.read()).isEmpty();
        assertThat(folder.resolve("j-1.json.unreadable")).exists();
    }

    @Test
    void coversEarlierPhasesAndAttempts() {
        Over over = new Over(new JobId("j-1"), 3, 2, null, "b", Instant.EPOCH);

        assertThat(over.covers(2, 9)).isTrue();
        assertThat(over.covers(3, 2)).isTrue();
        assertThat(over.covers(3, 3)).isFalse();
        assertThat(over.covers(4, 1)).isFalse();
    }
}
