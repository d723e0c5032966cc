package dev.formwork.agent.job;

import dev.formwork.agent.disk.DurableFile;
import dev.formwork.agent.pace.Signal;
import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.JobMode;
import dev.formwork.agent.protocol.ProtocolJson;
import dev.formwork.agent.protocol.ScriptRef;
import dev.formwork.agent.runner.Launch;
import dev.formwork.agent.runner.OwnScript;
import dev.formwork.agent.runner.Runner;
import dev.formwork.agent.runner.RunnerException;
import dev.formwork.agent.transport.UnwantedException;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/// Writes down what a phase needs, and starts its wrapper. Whoever starts a phase, and however
/// often, it runs once: the wrapper that makes the claim goes on, all others end.
final class JobStart {
    private static final Duration CLAIM = Duration.ofSeconds(10);
    private static final Duration CLAIM_POLL = Duration.ofMillis(5);
    private static final String WRAPPER = OwnScript.text(JobStart.class, "wrapper.sh");

    private final Job job;
    private final JobFolder folder;
    private final Workplace workplace;

    JobStart(Job job, JobFolder folder, Workplace workplace) {
        this.job = job;
        this.folder = folder;
        this.workplace = workplace;
    }

    /// Starts the phase.
    ///
    /// @param ended raised when the wrapper ends
    /// @return the wrapper
    /// @param unwanted whether the job is to end before it has begun
    ProcessStat start(Path module, Machine machine, Signal ended, BooleanSupplier unwanted)
            throws IOException, JobFailureException, UnwantedException, InterruptedException {
        Map<String, String> environment =
                JobEnvironment.of(
                        workplace.environment(),
                        job,
                        folder,
                        module,
                        machine,
                        workplace.state(),
                        workplace.cache());
        prepare(module, environment, unwanted);
        Process process = launch(environment);
        var _ = process.onExit().thenRun(ended::raise);
        return awaitClaim(process, ended);
    }

    /// The wrapper that has started this phase, dead or alive.
    ///
    /// @return empty where none has, or where it died at once
    Optional<ProcessStat> claimed() throws IOException {
        try {
            return ProcessStat.parse(Files.readString(folder.claim(), StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
    }

    private void prepare(Path module, Map<String, String> environment, BooleanSupplier unwanted)
            throws IOException, JobFailureException, UnwantedException, InterruptedException {
        folder.create();
        DurableFile.replace(folder.inputs(), ProtocolJson.write(job.inputs()));
        DurableFile.createPrivate(folder.log());
        // Where it is there, a wrapper that an earlier process of the agent started may be using
        // it.
        if (!Files.exists(folder.exit()) && !Files.exists(folder.exitToBe())) {
            DurableFile.replace(
                    folder.exitToBe(), "           \n".getBytes(StandardCharsets.US_ASCII));
        }
        if (job.mode().checks()) {
            write("check", launch("check", job.check(), module, environment, unwanted));
        }
        if (job.mode() != JobMode.CHECK) {
            write("run", launch("run", job.script(), module, environment, unwanted));
        }
    }

    private Launch launch(
            String part,
            @Nullable ScriptRef script,
            Path module,
            Map<String, String> environment,
            BooleanSupplier unwanted)
            throws IOException, JobFailureException {
        Path file =
                switch (script) {
                    case ScriptRef.FromFile(String path) -> module.resolve(path);
                    case ScriptRef.Inline(String text) -> inline(part, text);
                    case null -> throw new IllegalStateException("a job has what its mode needs");
                };
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new JobFailureException(
                    "agent.script-missing",
                    "the module " + job.module().name() + " has no file " + script);
        }
        return new Launch(
                job,
                part.equals("check"),
                file,
                module,
                folder.work(),
                folder.scratch(part),
                environment,
                unwanted);
    }

    private void write(String part, Launch launch)
            throws IOException, JobFailureException, UnwantedException, InterruptedException {
        try {
            Runner runner = workplace.runners().named(job.runner());
            String command =
                    runner.command(launch).stream()
                            .map(JobStart::quote)
                            .collect(Collectors.joining(" ", "exec ", "\n"));
            DurableFile.replace(folder.command(part), command.getBytes(StandardCharsets.UTF_8));
        } catch (RunnerException e) {
            throw new JobFailureException(e.code(), e.detail());
        }
    }

    private Path inline(String part, String text) throws IOException {
        Path file = folder.inline(part);
        DurableFile.replace(file, text.getBytes(StandardCharsets.UTF_8));
        return file;
    }

    private Process launch(Map<String, String> environment) throws JobFailureException {
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

    private ProcessStat awaitClaim(Process process, Signal ended)
            throws IOException, JobFailureException, InterruptedException {
        long deadline = System.nanoTime() + CLAIM.toNanos();
        while (true) {
            boolean over = !process.isAlive();
            Optional<ProcessStat> leader = claimed();
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

    static String quote(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
