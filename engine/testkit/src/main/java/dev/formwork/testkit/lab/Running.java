package dev.formwork.testkit.lab;

import dev.formwork.testkit.ProcessTree;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// A process of the lab, and the lines that it has said.
public final class Running implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final String name;
    private final Process process;
    private final Optional<String> output;
    private final List<String> lines = new ArrayList<>();
    private final Thread reader;

    Running(String name, List<String> command) throws IOException {
        this.name = name;
        this.process = new ProcessBuilder(command).redirectErrorStream(true).start();
        this.output = stream(process.pid(), 1);
        this.reader = Thread.ofVirtual().name("lab-" + name).start(this::read);
    }

    /// Waits for a line; fails, with all that was said, where it does not come in time.
    public String await(Predicate<String> wanted, String what, Duration patience)
            throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        synchronized (lines) {
            int seen = 0;
            while (true) {
                for (; seen < lines.size(); seen++) {
                    if (wanted.test(lines.get(seen))) {
                        return lines.get(seen);
                    }
                }
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0 || !process.isAlive()) {
                    throw new AssertionError(
                            name + " did not say: " + what + "\n" + String.join("\n", lines));
                }
                lines.wait(Math.min(left, 1000));
            }
        }
    }

    /// Writes a line to its standard input.
    public void tell(String line) throws IOException {
        BufferedWriter input = process.outputWriter(StandardCharsets.ISO_8859_1);
        input.write(line + "\n");
        input.flush();
    }

    public List<String> said() {
        synchronized (lines) {
            return List.copyOf(lines);
        }
    }

    /// All that it says until it ends by itself.
    ///
    /// @throws AssertionError where it has not ended within ten minutes
    public List<String> toEnd() throws InterruptedException {
        if (!process.waitFor(LONGEST) || !reader.join(PATIENCE)) {
            throw new AssertionError(
                    name + " does not end; it said:\n" + String.join("\n", said()));
        }
        return said();
    }

    /// Ends it and all that it started, whoever is the parent of that by now: who still has its
    /// standard output or error.
    ///
    /// @throws AssertionError where something of it is still there after 20 seconds
    @Override
    public void close() {
        ProcessTree.kill(process.toHandle());
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        boolean interrupted = false;
        while (process.isAlive() || reader.isAlive()) {
            holders().forEach(ProcessHandle::destroyForcibly);
            if (System.nanoTime() - deadline > 0) {
                throw new AssertionError(name + " does not end: " + holders());
            }
            try {
                var _ = reader.join(Duration.ofMillis(10));
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private List<ProcessHandle> holders() {
        return ProcessHandle.allProcesses()
                .filter(each ->
                        output.isPresent()
                                && (stream(each.pid(), 1).equals(output)
                                        || stream(each.pid(), 2).equals(output)))
                .toList();
    }

    /// What the kernel calls a stream of a process, such as `pipe:[4711]`; empty where the process
    /// is gone.
    private static Optional<String> stream(long pid, int descriptor) {
        try {
            Path link = Path.of("/proc", Long.toString(pid), "fd", Integer.toString(descriptor));
            return Optional.of(Files.readSymbolicLink(link).toString());
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    private void read() {
        try (BufferedReader output = process.inputReader(StandardCharsets.ISO_8859_1)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                synchronized (lines) {
                    lines.add(line);
                    lines.notifyAll();
                }
            }
        } catch (IOException e) {
            synchronized (lines) {
                lines.add("(its output broke: " + e + ")");
                lines.notifyAll();
            }
        }
    }
}
