package dev.formwork.agent.host;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// A way to a host that is a command of this machine, such as `ssh host exec /bin/sh -s`, started
/// for each script. Thread-safe.
public final class CommandShell implements HostShell {
    private static final String BEGIN = "formwork-begin";
    private static final String END = "formwork-end ";
    private static final int MOST = 1 << 20;
    private static final int MOST_ERRORS = 4096;
    private static final long PATIENCE_SECONDS = 120;

    private final List<String> command;

    /// @param command that reads a script from its input
    public CommandShell(List<String> command) {
        this.command = List.copyOf(command);
    }

    @Override
    public HostAnswer run(String script) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        // What the agent was told is not for the host.
        builder.environment().keySet().removeIf(name -> name.startsWith("FORMWORK_"));
        Process process = builder.start();
        Thread watch = Thread.ofVirtual().name("host-patience").start(() -> endInTime(process));
        try {
            try (OutputStream in = process.getOutputStream()) {
                in.write(framed(script).getBytes(StandardCharsets.UTF_8));
            }
            CompletableFuture<String> errors =
                    CompletableFuture.supplyAsync(() -> said(process), Thread::startVirtualThread);
            return answer(process, errors);
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted");
            }
            throw e;
        } finally {
            watch.interrupt();
            process.destroyForcibly();
        }
    }

    private static void endInTime(Process process) {
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Run when all of it has arrived; what it says stands between two lines, so that an answer
    /// that was cut off is known for one.
    private static String framed(String script) {
        return """
        formwork_main() {
        %s
        }
        echo %s
        (formwork_main) </dev/null
        echo "%s$?"
        exit 0
        """
                .formatted(script, BEGIN, END);
    }

    private static HostAnswer answer(Process process, CompletableFuture<String> errors)
            throws IOException {
        List<String> lines = new ArrayList<>();
        boolean hasBegun = false;
        int length = 0;
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            length += line.length();
            if (length > MOST) {
                throw new IOException("it says too much");
            }
            if (hasBegun && line.matches(END + "[0-9]{1,3}")) {
                return new HostAnswer(
                        Integer.parseInt(line.substring(END.length())), lines, errors.join());
            }
            if (hasBegun) {
                lines.add(line);
            } else {
                hasBegun = line.equals(BEGIN);
            }
        }
        String why = errors.join();
        throw new IOException(why.isEmpty() ? "the connection ended in the middle" : why);
    }

    /// The beginning of what it says on stderr; the rest is read, or it would wait.
    private static String said(Process process) {
        try {
            InputStream errors = process.getErrorStream();
            byte[] beginning = errors.readNBytes(MOST_ERRORS);
            errors.transferTo(OutputStream.nullOutputStream());
            return new String(beginning, StandardCharsets.UTF_8).strip();
        } catch (IOException e) {
            return "";
        }
    }
}
