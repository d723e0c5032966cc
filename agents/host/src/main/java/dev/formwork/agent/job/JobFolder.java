package dev.formwork.agent.job;

import dev.formwork.agent.disk.DurableFile;
import dev.formwork.agent.disk.Folders;
import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.JobId;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/// Where one attempt keeps its files. The working directory and the outputs are those of the
/// attempt; everything else is of one phase.
final class JobFolder {
    private final Path attempt;
    private final Path phase;

    private JobFolder(Path attempt, Path phase) {
        this.attempt = attempt;
        this.phase = phase;
    }

    static JobFolder of(Path jobs, Job job) {
        Path attempt = jobs.resolve(name(job.id(), job.token()));
        return new JobFolder(attempt, attempt.resolve("phase-" + job.phase()));
    }

    /// What the folder of an attempt is called.
    static String name(JobId id, long token) {
        return id + "." + token;
    }

    /// The same folder, as it is called where the job runs.
    JobFolder on(JobSite site) {
        return new JobFolder(site.there(attempt), site.there(phase));
    }

    void create() throws IOException {
        DurableFile.createPrivateFolder(phase);
        DurableFile.createPrivateFolder(work());
        DurableFile.createPrivateFolder(outputs());
    }

    /// Removes everything.
    void delete() throws IOException {
        Folders.delete(attempt);
    }

    /// Removes what only this phase needs.
    void deletePhase() throws IOException {
        Folders.delete(phase);
    }

    boolean exists() {
        return Files.isDirectory(phase);
    }

    Path attempt() {
        return attempt;
    }

    Path phase() {
        return phase;
    }

    Path work() {
        return attempt.resolve("work");
    }

    Path outputs() {
        return attempt.resolve("outputs");
    }

    Path inputs() {
        return phase.resolve("inputs.json");
    }

    Path request() {
        return phase.resolve("request");
    }

    Path log() {
        return phase.resolve("log");
    }

    Path logSpool() {
        return phase.resolve("log.spool");
    }

    Path logMark() {
        return phase.resolve("log.mark");
    }

    /// Says, in the words of /proc, which process runs the job: made by the first that starts.
    Path claim() {
        return phase.resolve("claim");
    }

    /// The wrapper that has started this phase, dead or alive.
    ///
    /// @return empty where none has, or where it died at once
    Optional<ProcessStat> claimed() throws IOException {
        try {
            return ProcessStat.parse(Files.readString(claim(), StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    /// Says how it ended.
    Path exit() {
        return phase.resolve("exit");
    }

    /// Becomes [#exit()]: takes its room on the disk before the job starts.
    Path exitToBe() {
        return phase.resolve("exit.tmp");
    }

    /// The command that the wrapper executes, for the `check` or the `run`.
    Path command(String part) {
        return phase.resolve(part);
    }

    /// Where a runner keeps what the script takes.
    Path scratch(String part) {
        return phase.resolve(part + ".scratch");
    }

    /// An inline script.
    Path inline(String part) {
        return phase.resolve(part + ".inline");
    }
}
