package dev.formwork.cli.demo;

import dev.formwork.cli.client.EngineClient;
import dev.formwork.cli.client.EngineLocation;
import dev.formwork.model.ProblemException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/// The demo's engine: `formwork serve` in a session of its own, so that it outlives this program
/// and its terminal.
final class DemoEngine {
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration STOP = Duration.ofSeconds(20);
    private static final Duration LOOK = Duration.ofMillis(150);
    private static final int LOG_LINES = 15;

    /// What an engine ends with where another one has its directory.
    private static final String LOCKED = "store.locked";

    private final DemoHome home;
    private final Clock clock;
    private final Path app;
    private final List<String> more;

    /// @param app the installation, for the engine to find its parts
    /// @param more arguments of `serve`
    DemoEngine(DemoHome home, Clock clock, Path app, List<String> more) {
        this.more = List.copyOf(more);
        this.home = home;
        this.clock = clock;
        this.app = app;
    }

    /// The engine, if it answers.
    Optional<EngineLocation> running() {
        return home.engine().filter(DemoEngine::answers);
    }

    /// The engine that runs, or else one that is started.
    ///
    /// @param starting said before that
    EngineLocation runningOrStarted(Consumer<String> say, String starting)
            throws InterruptedException {
        Optional<EngineLocation> running = running();
        if (running.isPresent()) {
            say.accept("The demo's engine runs already: " + running.get().uri());
            return running.get();
        }
        say.accept(starting);
        EngineLocation started = start();
        say.accept("The engine is ready: " + started.uri());
        return started;
    }

    /// Starts it and waits until it answers. Where one that an earlier start has left behind is
    /// still on its way, that is the one.
    ///
    /// @throws ProblemException `demo.engine-ended`, `demo.engine-slow`
    EngineLocation start() throws InterruptedException {
        home.create();
        long before = logSize();
        Process process = launch();
        Instant deadline = clock.instant().plus(START);
        while (clock.instant().isBefore(deadline)) {
            Optional<EngineLocation> found = running().filter(engine -> isOurs(engine, process));
            if (found.isPresent()) {
                return found.get();
            }
            if (process.waitFor(LOOK.toMillis(), TimeUnit.MILLISECONDS)) {
                if (logSince(before).contains(LOCKED)) {
                    return awaitOther(deadline);
                }
                throw ProblemException.of(
                        "demo.engine-ended",
                        "the engine ended at once:\n" + endOfLog(),
                        "its whole log is " + home.engineLog());
            }
        }
        process.destroyForcibly();
        throw ProblemException.of(
                "demo.engine-slow",
                "the engine has not answered for " + START.toSeconds() + " s:\n" + endOfLog(),
                "its whole log is " + home.engineLog());
    }

    private boolean isOurs(EngineLocation engine, Process process) {
        return engine.pid()
                .filter(pid ->
                        pid == process.pid() || OwnProcesses.belongsTo(pid, home.directory()))
                .isPresent();
    }

    private EngineLocation awaitOther(Instant deadline) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        while (clock.instant().isBefore(deadline)) {
            Optional<EngineLocation> found = running();
            if (found.isPresent()) {
                return found.get();
            }
            var _ = never.await(LOOK.toMillis(), TimeUnit.MILLISECONDS);
        }
        throw ProblemException.of(
                "demo.engine-slow",
                "an engine that an earlier start of the demo has left does not answer:\n"
                        + endOfLog(),
                "the same command with --down ends it, and removes what it has");
    }

    /// Asks the engine to stop, and ends it where it does not.
    void stop(EngineLocation engine) throws InterruptedException {
        Optional<ProcessHandle> process = engine.pid().flatMap(ProcessHandle::of);
        if (process.isEmpty() || !OwnProcesses.belongsTo(process.get().pid(), home.directory())) {
            return;
        }
        process.get().destroy();
        try {
            process.get().onExit().get(STOP.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            process.get().destroyForcibly();
        } catch (ExecutionException e) {
            throw new IllegalStateException("waiting for a process does not fail", e);
        }
    }

    private Process launch() {
        List<String> command = new ArrayList<>();
        command.add("setsid");
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx512m");
        command.add("-XX:+UseSerialGC");
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.add("--enable-native-access=ALL-UNNAMED");
        command.add("-cp");
        command.add(absolute(System.getProperty("java.class.path")));
        command.add("dev.formwork.cli.Main");
        command.addAll(List.of("serve", "--port", "0", "--data-dir", home.directory().toString()));
        command.addAll(more);
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        environment.put("FORMWORK_APP", app.toString());
        environment.put(OwnProcesses.MARK, home.directory() + "/");
        builder.directory(home.directory().toFile());
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(home.engineLog().toFile()));
        try {
            return builder.start();
        } catch (IOException e) {
            throw ProblemException.of("demo.engine-ended", "cannot start the engine: " + e, null);
        }
    }

    private static String absolute(String classPath) {
        List<String> parts = new ArrayList<>();
        for (String part : classPath.split(java.io.File.pathSeparator, -1)) {
            parts.add(Path.of(part).toAbsolutePath().toString());
        }
        return String.join(java.io.File.pathSeparator, parts);
    }

    private static boolean answers(EngineLocation engine) {
        try {
            return !new EngineClient(engine).show().fields().isEmpty();
        } catch (ProblemException _) {
            return false;
        }
    }

    private long logSize() {
        try {
            return Files.exists(home.engineLog()) ? Files.size(home.engineLog()) : 0;
        } catch (IOException _) {
            return 0;
        }
    }

    private String logSince(long size) {
        try {
            byte[] log = Files.readAllBytes(home.engineLog());
            int from = (int) Math.min(size, log.length);
            return new String(log, from, log.length - from, StandardCharsets.UTF_8);
        } catch (IOException _) {
            return "";
        }
    }

    private String endOfLog() {
        try {
            String log = new String(Files.readAllBytes(home.engineLog()), StandardCharsets.UTF_8);
            List<String> lines = log.lines().toList();
            return String.join(
                    "\n", lines.subList(Math.max(0, lines.size() - LOG_LINES), lines.size()));
        } catch (IOException _) {
            return "(no log)";
        }
    }
}
