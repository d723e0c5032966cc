package dev.formwork.agent.host;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A shell that runs, and reads one script after another from its input. Input and both outputs
/// have a thread each, so that none waits for another. For one thread.
final class RunningShell implements AutoCloseable {
    private static final int MOST = 1 << 20;
    private static final int MOST_ERRORS = 4096;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Process process;
    private final InputStream out;
    private final BlockingQueue<String> errors = new LinkedBlockingQueue<>();

    /// Stands where an answer begins and ends. Nobody on the host knows it before.
    private final String mark = "formwork-%016x".formatted(RANDOM.nextLong());

    private RunningShell(Process process) {
        this.process = process;
        this.out = new BufferedInputStream(process.getInputStream());
    }

    static RunningShell start(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command);
        // What the agent was told is not for the host.
        builder.environment().keySet().removeIf(name -> name.startsWith("FORMWORK_"));
        RunningShell shell = new RunningShell(builder.start());
        thread("host-errors", shell::readErrors);
        return shell;
    }

    /// After an exception it is of no more use.
    HostAnswer run(String script, Duration patience) throws IOException {
        CompletableFuture<HostAnswer> answer = new CompletableFuture<>();
        thread("host-input", () -> write(script));
        thread("host-answer", () -> read(answer));
        try {
            return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        } catch (TimeoutException e) {
            throw new IOException("no answer in " + patience.toSeconds() + " s", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException failure) {
                throw failure;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    /// None that is virtual: who reads what a process says keeps the thread beneath it.
    private static void thread(String name, Runnable work) {
        Thread.ofPlatform().daemon().name(name).start(work);
    }

    private void write(String script) {
        try {
            OutputStream in = process.getOutputStream();
            in.write(framed(script).getBytes(StandardCharsets.UTF_8));
            in.flush();
        } catch (IOException e) {
            // It has ended, or will be ended: what it said before that tells more.
        }
    }

    /// Run when all of it has arrived; what it says stands between two lines, so that an answer
    /// that was cut off is known for one.
    private String framed(String script) {
        return """
        formwork_main() {
        %1$s
        }
        echo "%2$s begin"
        (formwork_main) </dev/null
        formwork_status=$?
        echo "%2$s" >&2
        echo "%2$s end $formwork_status"
        """
                .formatted(script, mark);
    }

    private void read(CompletableFuture<HostAnswer> answer) {
        try {
            answer.complete(read());
        } catch (IOException | RuntimeException e) {
            answer.completeExceptionally(e);
        } catch (InterruptedException e) {
            answer.completeExceptionally(new InterruptedIOException("interrupted"));
        }
    }

    private HostAnswer read() throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        boolean hasBegun = false;
        int left = MOST;
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int read = out.read(); read >= 0; read = out.read()) {
            if (--left < 0) {
                throw hasBegun
                        ? new HostAnswerTooLongException()
                        : new IOException("it says much and runs nothing");
            }
            if (read != '\n') {
                line.write(read);
                continue;
            }
            String text = line.toString(StandardCharsets.UTF_8);
            line.reset();
            if (hasBegun && text.matches(mark + " end [0-9]{1,3}")) {
                int status = Integer.parseInt(text.substring(text.lastIndexOf(' ') + 1));
                return new HostAnswer(status, lines, said());
            }
            if (hasBegun) {
                lines.add(text);
            } else {
                // What comes before is the shell's own start-up.
                hasBegun = text.equals(mark + " begin");
            }
        }
        String why = said();
        throw new IOException(why.isEmpty() ? "the connection ended in the middle" : why);
    }

    private String said() throws InterruptedException {
        // Somebody else may hold its stderr open after its end.
        String said = errors.poll(1, TimeUnit.SECONDS);
        return said == null ? "" : said;
    }

    /// The beginning of what each script says on stderr; the rest is read, or it would wait.
    private void readErrors() {
        StringBuilder said = new StringBuilder();
        try (InputStream in = new BufferedInputStream(process.getErrorStream())) {
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            for (int read = in.read(); read >= 0; read = in.read()) {
                if (read != '\n') {
                    if (line.size() < MOST_ERRORS) {
                        line.write(read);
                    }
                    continue;
                }
                String text = line.toString(StandardCharsets.UTF_8);
                line.reset();
                if (text.equals(mark)) {
                    errors.add(said.toString().strip());
                    said.setLength(0);
                } else if (said.length() < MOST_ERRORS) {
                    said.append(text, 0, Math.min(text.length(), MOST_ERRORS - said.length()));
                    said.append('\n');
                }
            }
            said.append(line.toString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // The process has ended.
        }
        errors.add(said.toString().strip());
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
