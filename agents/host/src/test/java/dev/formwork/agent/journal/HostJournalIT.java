package dev.formwork.agent.journal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.agent.TestJobs;
import dev.formwork.agent.host.CommandShell;
import dev.formwork.agent.host.Host;
import dev.formwork.agent.journal.JournalEntry.Held;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

/// The journal of a machine that is a host.
final class HostJournalIT extends JournalIT {
    private final CommandShell shell = new CommandShell(List.of("sh", "-s"));

    @AfterEach
    void endAll() {
        shell.close();
    }

    @Override
    Journal opened(Path at) throws IOException {
        Host host = Host.reach(shell, new Random(), () -> {});
        return Journal.open(host, at);
    }

    @Test
    void readsMoreThanOneAnswerHolds() throws IOException {
        Journal journal = opened(folder());
        String large = "\"" + "x".repeat(300_000) + "\"";
        for (int i = 0; i < 20; i++) {
            journal.write(
                    new Held(
                            TestJobs.shell("j-" + i, "#".repeat(100_000)).job(),
                            "b-1",
                            null,
                            null));
        }
        journal.write(
                new Held(
                        TestJobs.shell("j-big", "true").input("x", large).job(),
                        "b-1",
                        null,
                        null));

        assertThat(opened(folder()).read())
                .hasSize(21)
                .allSatisfy(entry ->
                        assertThat(Files.readString(Journal.file(folder(), entry.id())))
                                .startsWith(Journal.beginning(((Held) entry).job())));
    }
}
