package dev.formwork.agent.job;

import dev.formwork.agent.disk.Folders;
import dev.formwork.agent.pace.Signal;
import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.JobId;
import dev.formwork.agent.runner.OwnScript;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// This machine: jobs are processes beside the agent, and their files are the agent's.
final class LocalSite implements JobSite {
    /// Leads the session of a job.
    static final String WRAPPER = OwnScript.text(LocalSite.class, "wrapper.sh");

    /// The claim of a phase that nobody starts any more.
    private static final String NEVER = "never\n";

    private static final Duration QUIET = Duration.ofMillis(250);
    private static final Duration CLAIM = Duration.ofSeconds(10);
    private static final Duration CLAIM_POLL = Duration.ofMillis(5);

    private final ProcessTable processes = ProcessTable.ofThisMachine();

    @Override
    public Path there(Path here) {
        return here;
    }

    @Override
    public Duration quiet() {
        return QUIET;
    }

    @Override
    public void find(JobFolder folder, JobId job) {
        // It is here.
    }

    @Override
    public ProcessStat start(
            JobFolder folder, Job job, Path module, Map<String, String> environment, Signal ended)
            throws IOException, JobFailureException, InterruptedException {
        Process process = launch(folder, environment);
        var _ = process.onExit().thenRun(ended::raise);
        return awaitClaim(folder, process, ended);
    }

    private static Process launch(JobFolder folder, Map<String, String> environment)
            throws JobFailureException {
        ProcessBuilder builder =
                new ProcessBuilder(
                                List.of(
                                        "setsid",
                                        "sh",
                                        "-c",
                                        WRAPPER,
                                        "formwork-job",
                                        folder.phase().toString()))
                        .directory(folder.work().toFile())
                        .redirectInput(Redirect.from(new File("/dev/null")))
                        .redirectErrorStream(true)
                        .redirectOutput(Redirect.appendTo(folder.log().toFile()));
        builder.environment().clear();
        builder.environment().putAll(environment);
        try {
            return builder.start();
        } catch (IOException e) {
            throw new JobFailureException(
                    "agent.start-failed", "the script can't be started: " + e.getMessage());
        }
    }

    private static ProcessStat awaitClaim(JobFolder folder, Process process, Signal ended)
            throws IOException, JobFailureException, InterruptedException {
        long deadline = System.nanoTime() + CLAIM.toNanos();
        while (true) {
            boolean over = !process.isAlive();
            Optional<ProcessStat> leader = folder.claimed();
            if (leader.isPresent()) {
                // The end of a wrapper that came too late must not pass for the end of the job.
                return leader.get();
            }
            if (over || System.nanoTime() > deadline) {
                String how = over ? "it ended with " + process.exitValue() : "it does not answer";
                process.destroyForcibly();
                throw new JobFailureException(
                        "agent.start-failed", "the job's wrapper did not start: " + how);
            }
            ended.await(CLAIM_POLL);
        }
    }

    /// A wrapper that an earlier process of the agent has launched may come late.
    @Override
    public void forbid(JobFolder folder, JobId job) throws IOException, InterruptedException {
        try {
            Files.writeString(folder.claim(), NEVER, StandardOpenOption.CREATE_NEW);
        } catch (NoSuchFileException nothing) {
            // Without the phase's folder nothing was launched.
        } catch (FileAlreadyExistsException claimed) {
            // Whoever makes a claim fills it at once, or is dead.
            Signal never = new Signal();
            long deadline = System.nanoTime() + CLAIM.toNanos();
            while (Files.size(folder.claim()) == 0 && System.nanoTime() < deadline) {
                never.await(CLAIM_POLL);
            }
        }
    }

    @Override
    public JobSession session(JobFolder folder, ProcessStat wrapper, JobId job, boolean sameBoot) {
        return sameBoot
                ? LocalSession.of(processes, wrapper, job)
                : LocalSession.ofEarlierBoot(processes, wrapper, job);
    }

    @Override
    public void collect(JobFolder folder, Job job) {
        // It is here.
    }

    @Override
    public void delete(JobFolder folder) throws IOException {
        folder.delete();
    }

    @Override
    public void deletePhase(JobFolder folder) throws IOException {
        folder.deletePhase();
    }

    @Override
    public void deleteOthers(Path jobs, Set<String> wanted) throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(jobs)) {
            for (Path folder : folders) {
                if (!wanted.contains(String.valueOf(folder.getFileName()))) {
                    Folders.delete(folder);
                }
            }
        }
    }
}
