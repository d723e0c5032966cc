package dev.formwork.provider.ipmi;

import dev.formwork.model.ProblemException;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.bmc.Node;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/// Runs `ipmitool` for one node: one command at a time, as many controllers take no second session,
/// and not more than so many over all nodes. Thread-safe.
///
/// The password reaches it by its environment, which only we and root may read, and nothing else of
/// our own environment does.
final class Ipmitool {
    private static final int MOST_OUTPUT = 4 * 1024 * 1024;
    private static final int MOST_TRIES = 4;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);

    /// What IPMI 2.0 can hold.
    private static final int LONGEST_PASSWORD = 20;

    private static final Set<String> TERSE = Set.of("sdr", "sel", "sol");

    private final String program;
    private final Node node;
    private final int suite;
    private final Optional<String> oem;
    private final Duration most;
    private final Semaphore free;
    private final ReentrantLock turn = new ReentrantLock(true);
    private volatile boolean isClosed;

    /// @param most how long one command may take
    /// @param free so many processes may be started more, over all nodes
    Ipmitool(
            String program,
            Node node,
            int suite,
            Optional<String> oem,
            Duration most,
            Semaphore free) {
        this.program = program;
        this.node = node;
        this.suite = suite;
        this.oem = oem;
        this.most = most;
        this.free = free;
    }

    Node node() {
        return node;
    }

    void close() {
        isClosed = true;
    }

    /// What it printed.
    ///
    /// @throws ProblemException as [IpmiFailure] says, where the controller did not do it
    String run(String... command) {
        Duration pause = FIRST_PAUSE;
        for (int tries = 1; ; tries++) {
            try {
                return runOnce(List.of(command));
            } catch (ProblemException failed) {
                boolean isBusy = failed.code().equals(ProviderCode.THROTTLED.code());
                if (!isBusy || tries == MOST_TRIES) {
                    throw failed;
                }
            }
            LockSupport.parkNanos(pause.toNanos());
            pause = pause.multipliedBy(2);
        }
    }

    private String runOnce(List<String> command) {
        if (isClosed) {
            throw ProviderCode.CLOSED.problem(
                    "the provider of %s was closed".formatted(node), null);
        }
        try {
            turn.lockInterruptibly();
            try {
                free.acquire();
                try {
                    return answer(command);
                } finally {
                    free.release();
                }
            } finally {
                turn.unlock();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ProviderCode.INTERRUPTED.problem(
                    "interrupted while node %s was told: %s"
                            .formatted(node, String.join(" ", command)),
                    "ask again under the same token");
        }
    }

    private String answer(List<String> command) throws InterruptedException {
        Process process = start(command);
        try {
            close(process.getOutputStream());
            CompletableFuture<String> out = reading(process.getInputStream(), "out");
            CompletableFuture<String> err = reading(process.getErrorStream(), "err");
            if (!process.waitFor(most.toMillis(), TimeUnit.MILLISECONDS)) {
                throw ProviderCode.TIMEOUT.problem(
                        "the controller of node %s (%s) took more than %d s: %s"
                                .formatted(
                                        node,
                                        node.authority(),
                                        most.toSeconds(),
                                        String.join(" ", command)),
                        "see that it answers, or give `seconds`");
            }
            if (process.exitValue() != 0) {
                throw IpmiFailure.of(node, command, out.join() + "\n" + err.join());
            }
            return out.join();
        } finally {
            process.destroyForcibly();
        }
    }

    private static void close(OutputStream input) {
        try {
            input.close();
        } catch (IOException gone) {
            // It reads nothing any more.
        }
    }

    /// A process of its own, beside the commands that take turns.
    ///
    /// @throws ProblemException `ipmi.missing-program`, `provider.credentials`
    Process start(List<String> command) {
        List<String> line =
                new ArrayList<>(
                        List.of(
                                program,
                                "-v",
                                "-I",
                                "lanplus",
                                "-H",
                                node.address(),
                                "-p",
                                Integer.toString(node.port()),
                                "-U",
                                node.user(),
                                "-E",
                                "-C",
                                Integer.toString(suite),
                                "-N",
                                "2",
                                "-R",
                                "3"));
        if (TERSE.contains(command.getFirst())) {
            // There it would print another list, or into the console.
            line.remove("-v");
        }
        oem.ifPresent(type -> line.addAll(List.of("-o", type)));
        line.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(line);
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(List.of("PATH"));
        environment.putAll(
                Map.of("LC_ALL", "C", "TZ", "UTC", "HOME", "/", "IPMI_PASSWORD", password()));
        try {
            return builder.start();
        } catch (IOException failed) {
            throw ProblemException.of(
                    "ipmi.missing-program",
                    "%s cannot be started: %s".formatted(program, failed.getMessage()),
                    "apt-get install ipmitool, or give `program`");
        }
    }

    private String password() {
        String password = node.password().reveal();
        if (password.getBytes(StandardCharsets.UTF_8).length > LONGEST_PASSWORD) {
            throw ProviderCode.CREDENTIALS.problem(
                    "the password of node %s is longer than 20 bytes".formatted(node),
                    "IPMI 2.0 knows no longer ones");
        }
        return password;
    }

    static CompletableFuture<String> reading(InputStream from, String name) {
        CompletableFuture<String> text = new CompletableFuture<>();
        Thread _ =
                Thread.ofVirtual()
                        .name("ipmitool-" + name)
                        .start(() -> {
                            try (from) {
                                text.complete(
                                        new String(
                                                from.readNBytes(MOST_OUTPUT),
                                                StandardCharsets.UTF_8));
                            } catch (IOException | UncheckedIOException failed) {
                                text.complete("");
                            }
                        });
        return text;
    }
}
