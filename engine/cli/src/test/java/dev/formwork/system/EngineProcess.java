package dev.formwork.system;

import dev.formwork.server.failpoint.Failpoint;
import dev.formwork.store.PostgresSettings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// An engine as a process of its own, over one data directory: started, killed, started again, and
/// in the end gone with everything that it has started.
final class EngineProcess implements AutoCloseable {
    private static final Duration TO_START = Duration.ofSeconds(90);
    private static final Duration TO_END = Duration.ofSeconds(30);
    private static final String READY = "formwork is ready at ";

    private final Path data;
    private final Path view;
    private final Path output;
    private final List<String> prefix;
    private final Set<String> machines = new HashSet<>();
    private Optional<Process> process = Optional.empty();

    /// @param data its data directory; its output goes beside it
    EngineProcess(Path data) {
        this(data, data, List.of());
    }

    /// @param view the data directory as the test sees it
    /// @param prefix a command that runs the engine where it sees its own, such as `nsenter`
    EngineProcess(Path data, Path view, List<String> prefix) {
        this(data, view, prefix, data.resolveSibling(data.getFileName() + ".out"));
    }

    private EngineProcess(Path data, Path view, List<String> prefix, Path output) {
        this.data = data;
        this.view = view;
        this.output = output;
        this.prefix = List.copyOf(prefix);
    }

    /// One more over the data directory of another, which must not work; so it is not closed, for
    /// what it would end is the other's.
    static EngineProcess besideAnother(Path data, Path output) {
        return new EngineProcess(data, data, List.of(), output);
    }

    Path data() {
        return data;
    }

    /// Starts it, and waits until it takes work.
    EngineProcess start(EngineOptions options) {
        launch(options);
        if (!awaitReady()) {
            throw new AssertionError("the engine did not start:\n" + tail());
        }
        return this;
    }

    /// Waits until it takes work.
    ///
    /// @return false where it ends before that
    boolean awaitReady() {
        Await.until("the engine is ready", TO_START, () -> readyAt().isPresent() || !isAlive());
        return readyAt().isPresent();
    }

    /// Starts it, and does not wait.
    void launch(EngineOptions options) {
        if (isAlive()) {
            throw new IllegalStateException("it runs already");
        }
        List<String> command = new ArrayList<>(prefix);
        command.addAll(EngineProgram.command(options.arguments(data)));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectErrorStream(true);
        builder.redirectOutput(output.toFile());
        Map<String, String> environment = builder.environment();
        environment.remove(Failpoint.VARIABLE);
        options.database()
                .flatMap(PostgresSettings::password)
                .ifPresent(password -> environment.put("PGPASSWORD", password));
        options.failpoint().ifPresent(point -> environment.put(Failpoint.VARIABLE, point));
        try {
            process = Optional.of(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isAlive() {
        return process.filter(Process::isAlive).isPresent();
    }

    /// Waits until it ends by itself.
    ///
    /// @return its exit code
    int awaitEnd(Duration patience) throws InterruptedException {
        Process running = process.orElseThrow();
        if (!running.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new AssertionError("after " + patience + " the engine still runs");
        }
        return running.exitValue();
    }

    /// `kill -9`.
    void kill() throws InterruptedException {
        Process running = process.orElseThrow();
        running.destroyForcibly();
        awaitEnd(TO_END);
    }

    /// Sends it a signal that does not end it.
    void signal(String name) {
        Command.run(
                        Duration.ofSeconds(10),
                        List.of("kill", "-" + name, "" + process.orElseThrow().pid()))
                .orThrow();
    }

    /// TERM, and waits until it has stopped in order.
    void stop() throws InterruptedException {
        stopWithin(TO_END);
    }

    void stopWithin(Duration patience) throws InterruptedException {
        process.orElseThrow().destroy();
        awaitEnd(patience);
    }

    URI uri() {
        return URI.create(readyAt().orElseThrow());
    }

    ApiClient api() {
        try {
            return new ApiClient(uri(), Files.readString(view.resolve("api-token")).strip());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What it printed since it was started.
    String printed() {
        try {
            return Files.exists(output) ? Files.readString(output) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Directories of machines of the provider `local`.
    Path machinesDirectory() {
        return view.resolve("providers/local/machines");
    }

    /// Processes of its machines, of those that are gone too, and those that know its directory.
    List<Long> leftovers() {
        noteMachines();
        Set<Long> left = new HashSet<>(HostProcesses.mentioning(data));
        left.addAll(
                HostProcesses.withVariable(
                        machines.stream().map(id -> "FORMWORK_MACHINE_ID=" + id).toList()));
        return List.copyOf(left);
    }

    /// Remembers the machines that there are, so that what runs of them is found when they are
    /// gone.
    void noteMachines() {
        if (!Files.isDirectory(machinesDirectory())) {
            return;
        }
        try (DirectoryStream<Path> all = Files.newDirectoryStream(machinesDirectory())) {
            all.forEach(each -> machines.add(each.getFileName().toString()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Ends it and everything it has started, each by its id.
    @Override
    public void close() {
        noteMachines();
        process.ifPresent(Process::destroyForcibly);
        Await.until(
                "nothing of the engine is left",
                TO_END,
                () -> {
                    List<Long> left = leftovers();
                    left.forEach(
                            pid -> ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly));
                    return left.isEmpty();
                });
    }

    private Optional<String> readyAt() {
        return printed()
                .lines()
                .filter(line -> line.startsWith(READY))
                .map(line -> line.substring(READY.length()))
                .findFirst();
    }

    private String tail() {
        String[] lines = printed().split("\n", -1);
        return String.join(
                "\n", Arrays.asList(lines).subList(Math.max(0, lines.length - 40), lines.length));
    }
}
