package dev.formwork.agent.job;

import dev.formwork.agent.disk.DurableFile;
import dev.formwork.agent.pace.Signal;
import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.JobMode;
import dev.formwork.agent.protocol.ProtocolJson;
import dev.formwork.agent.protocol.ScriptRef;
import dev.formwork.agent.runner.Launch;
import dev.formwork.agent.runner.Runner;
import dev.formwork.agent.runner.RunnerException;
import dev.formwork.agent.transport.UnwantedException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/// Writes down what a phase needs, and has its wrapper started.
final class JobStart {
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
                        folder.on(workplace.site()),
                        workplace.site().there(module),
                        machine,
                        workplace.site().there(workplace.state()),
                        workplace.cache());
        prepare(module, environment, unwanted);
        return workplace.site().start(folder, job, module, environment, ended);
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
            throws IOException {
        Path file =
                switch (script) {
                    case ScriptRef.FromFile(String path) -> module.resolve(path);
                    case ScriptRef.Inline(String text) -> inline(part, text);
                    case null -> throw new IllegalStateException("a job has what its mode needs");
                };
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
            requireScript(launch.script(), runner.takesFolders());
            String command =
                    runner.command(launch).stream()
                            .map(JobStart::quote)
                            .collect(Collectors.joining(" ", "exec ", "\n"));
            DurableFile.replace(folder.command(part), command.getBytes(StandardCharsets.UTF_8));
        } catch (RunnerException e) {
            throw new JobFailureException(e.code(), e.detail());
        }
    }

    private void requireScript(Path script, boolean isFolder) throws JobFailureException {
        boolean isThere =
                isFolder
                        ? Files.isDirectory(script, LinkOption.NOFOLLOW_LINKS)
                        : Files.isRegularFile(script, LinkOption.NOFOLLOW_LINKS);
        if (!isThere) {
            throw new JobFailureException(
                    "agent.script-missing",
                    "the module "
                            + job.module().name()
                            + " has no "
                            + (isFolder ? "folder " : "file ")
                            + script.getFileName());
        }
    }

    private Path inline(String part, String text) throws IOException {
        Path file = folder.inline(part);
        DurableFile.replace(file, text.getBytes(StandardCharsets.UTF_8));
        return file;
    }

    static String quote(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
