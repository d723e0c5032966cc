package dev.formwork.testkit.lab;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// A process of the lab, and the lines that it has said.
public final class Running implements AutoCloseable {
    private final String name;
    private final Process process;
    private final List<String> lines = new ArrayList<>();
    private final Thread reader;

    Running(String name, List<String> command) throws IOException {
        this.name = name;
        this.process = new ProcessBuilder(command).redirectErrorStream(true).start();
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
    public List<String> toEnd() throws InterruptedException {
        process.waitFor();
        reader.join();
        return said();
    }

    /// Ends it and all that it started.
    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        boolean interrupted = false;
        while (process.isAlive() || reader.isAlive()) {
            try {
                process.waitFor();
                reader.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
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
