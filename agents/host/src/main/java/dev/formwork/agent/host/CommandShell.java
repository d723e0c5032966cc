package dev.formwork.agent.host;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingDeque;
import java.util.concurrent.LinkedBlockingDeque;

/// A way to a host that is a command of this machine, such as `ssh host exec /bin/sh -s`. What it
/// started stays, and runs one script after another: a script does not wait for a connection to be
/// made. Scripts that run at once have one each. Thread-safe.
public final class CommandShell implements HostShell, AutoCloseable {
    private static final int MOST_KEPT = 4;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final List<String> command;
    private final BlockingDeque<RunningShell> kept = new LinkedBlockingDeque<>(MOST_KEPT);

    /// @param command that reads scripts from its input
    public CommandShell(List<String> command) {
        this.command = List.copyOf(command);
    }

    @Override
    public HostAnswer run(String script) throws IOException {
        RunningShell shell = kept.pollFirst();
        if (shell != null) {
            try {
                return answer(shell, script);
            } catch (InterruptedIOException | HostAnswerTooLongException e) {
                throw e;
            } catch (IOException e) {
                // It may have died long ago, unseen.
            }
        }
        return answer(RunningShell.start(command), script);
    }

    private HostAnswer answer(RunningShell shell, String script) throws IOException {
        boolean reusable = false;
        try {
            HostAnswer answer = shell.run(script, PATIENCE);
            reusable = true;
            return answer;
        } finally {
            if (!reusable || !kept.offerFirst(shell)) {
                shell.close();
            }
        }
    }

    @Override
    public String toString() {
        return String.join(" ", command);
    }

    /// Ends what waits for more scripts.
    @Override
    public void close() {
        for (RunningShell shell = kept.poll(); shell != null; shell = kept.poll()) {
            shell.close();
        }
    }
}
