package dev.formwork.agent.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.agent.TestJobs;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// A log on the disk, moved by one process of the agent and then by another.
final class LogPumpIT {
    private JobFolder folder;

    @BeforeEach
    void create(@TempDir Path jobs) throws IOException {
        folder = JobFolder.of(jobs, TestJobs.shell("j-1", "").job());
        folder.create();
    }

    @Test
    void doesTheSameAgainAfterACrash() throws IOException {
        write("one hunt");
        try (LogPump pump = open(100)) {
            pump.pump();
            assertThat(content(pump)).isEqualTo("one ");
        }
        write("er2 two");
        try (LogPump pump = open(100)) {
            pump.pump();
            pump.finish();
            assertThat(content(pump)).isEqualTo("one *** two");
        }
    }

    @Test
    void remembersThatALogWasCut() throws IOException {
        write("0123456789".repeat(10_000));
        try (LogPump pump = open(15)) {
            pump.pump();
            assertThat(folder.log()).isEmptyFile();
        }
        write("x".repeat(1_000));
        try (LogPump pump = open(15)) {
            pump.pump();
            pump.finish();
            assertThat(content(pump))
                    .isEqualTo(
                            "012345678901234\n"
                                    + "[formwork: the log is cut here; about 100985 more bytes were"
                                    + " dropped]\n");
        }
    }

    @Test
    void takesALogOfExactlyTheQuota() throws IOException {
        write("12345");
        try (LogPump pump = open(5)) {
            pump.pump();
            pump.finish();
            assertThat(content(pump)).isEqualTo("12345");
        }
    }

    private LogPump open(long quota) throws IOException {
        return LogPump.open(
                folder,
                new SecretMasker(List.of("hunter2".getBytes(StandardCharsets.UTF_8))),
                quota);
    }

    private void write(String text) throws IOException {
        Files.writeString(folder.log(), text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private static String content(LogPump pump) throws IOException {
        LogSpool spool = pump.spool();
        StringBuilder content = new StringBuilder();
        while (content.length() < spool.length()) {
            content.append(new String(spool.read(content.length(), 7), StandardCharsets.UTF_8));
        }
        return content.toString();
    }
}
