package dev.formwork.bench.agents;

import dev.formwork.bench.served.EngineProcess;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/// Simulated agents in a process of their own, all of them with a poll at an engine.
public final class AgentsProcess implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private final Process process;

    private AgentsProcess(Process process) {
        this.process = process;
    }

    /// Returns when the engine holds a poll of each.
    ///
    /// @param credentials as agents send them
    /// @param jobs how long each job takes: evenly between the least and the most
    public static AgentsProcess start(
            EngineProcess engine, Path directory, List<String> credentials, AgentsSizes.Jobs jobs)
            throws IOException, InterruptedException {
        return start(List.of(engine), directory, credentials, jobs, Optional.empty());
    }

    /// Returns when the engines hold a poll of each.
    ///
    /// @param engines all that the agents know; each begins at one of them, in turn
    /// @param journal gets a line for each job that is begun: run, step and machine
    public static AgentsProcess start(
            List<EngineProcess> engines,
            Path directory,
            List<String> credentials,
            AgentsSizes.Jobs jobs,
            Optional<Path> journal)
            throws IOException, InterruptedException {
        Path file = Files.write(Files.createTempFile(directory, "credentials", ""), credentials);
        List<String> command = new ArrayList<>(EngineProcess.java());
        command.addAll(
                List.of(
                        "-cp",
                        System.getProperty("java.class.path"),
                        LightAgents.class.getName(),
                        engines.stream()
                                .map(engine -> engine.uri().toString())
                                .collect(Collectors.joining(",")),
                        file.toString(),
                        Long.toString(jobs.least().toMillis()),
                        Long.toString(jobs.most().toMillis())));
        journal.ifPresent(to -> command.add(to.toString()));
        AgentsProcess agents =
                new AgentsProcess(
                        new ProcessBuilder(command)
                                .redirectError(ProcessBuilder.Redirect.INHERIT)
                                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                                .start());
        try {
            long end = System.nanoTime() + PATIENCE.toNanos();
            while (held(engines) < credentials.size()) {
                if (System.nanoTime() > end || !agents.process.isAlive()) {
                    throw new IOException("not all agents came to wait at the engine");
                }
                LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
            }
            return agents;
        } catch (IOException | InterruptedException | RuntimeException e) {
            agents.close();
            throw e;
        }
    }

    private static double held(List<EngineProcess> engines)
            throws IOException, InterruptedException {
        double held = 0;
        for (EngineProcess engine : engines) {
            held += engine.metric("formwork_polls_held");
        }
        return held;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
