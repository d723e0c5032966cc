package dev.formwork.agent.host;

import dev.formwork.agent.pace.Backoff;
import dev.formwork.agent.pace.Signal;
import dev.formwork.agent.runner.OwnScript;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/// A host, in one boot of it: calls the functions of `host.sh` there, again and again where it does
/// not answer, so that a lost connection is nothing but a wait. Thread-safe.
public final class Host {
    private static final System.Logger LOG = System.getLogger(Host.class.getName());
    private static final String FUNCTIONS =
            ShellFunctions.PROCESSES + OwnScript.text(Host.class, "host.sh");

    /// As base64 it is well below what a shell takes in one piece.
    private static final int PART = 384 << 10;

    private static final int NOT_STARTED = 15;
    private static final int NO_PROGRAM = 17;
    private static final int REBOOTED = 20;

    private final HostShell shell;
    private final RandomGenerator random;
    private final String bootId;
    private final boolean isBootKnown;
    private final Runnable onRebooted;
    private final AtomicBoolean lost = new AtomicBoolean();

    private Host(
            HostShell shell,
            RandomGenerator random,
            String bootId,
            boolean isBootKnown,
            Runnable onRebooted) {
        this.onRebooted = onRebooted;
        this.shell = shell;
        this.random = random;
        this.bootId = bootId;
        this.isBootKnown = isBootKnown;
    }

    /// The host in the boot that it is in now, when it answers.
    ///
    /// @param onRebooted told, perhaps several times, when it is found in another boot
    /// @throws IOException also where it lacks a program that is needed
    public static Host reach(HostShell shell, RandomGenerator random, Runnable onRebooted)
            throws IOException {
        List<String> lines = new Host(shell, random, "", false, onRebooted).call("need\nboot_id");
        if (lines.size() != 1 || !lines.getFirst().matches("[0-9a-f-]{8,64}")) {
            throw new IOException("the host does not say which boot it is in");
        }
        return new Host(shell, random, lines.getFirst(), true, onRebooted);
    }

    /// One whose boot is said by somebody else.
    public static Host inBoot(HostShell shell, RandomGenerator random, String bootId) {
        return new Host(shell, random, bootId, false, () -> {});
    }

    public String bootId() {
        return bootId;
    }

    /// The script did not start what it was to start.
    public static final class NotStartedException extends IOException {
        private static final long serialVersionUID = 1L;

        NotStartedException(String message) {
            super(message);
        }
    }

    /// Calls functions; what they say.
    ///
    /// @param calls harmless to repeat
    /// @throws HostRebootedException where the host is in another boot
    /// @throws NotStartedException where that is what they say
    /// @throws InterruptedIOException where the thread was interrupted
    /// @throws HostAnswerTooLongException where they say more than 1 MiB
    /// @throws IOException where they fail on the host
    public List<String> call(String calls) throws IOException {
        HostAnswer answer =
                untilAnswered(
                        "boot=%s\n%s\n%s"
                                .formatted(isBootKnown ? quote(bootId) : "''", FUNCTIONS, calls));
        return switch (answer.status()) {
            case 0 -> answer.lines();
            case REBOOTED -> {
                onRebooted.run();
                throw new HostRebootedException();
            }
            case NOT_STARTED -> throw new NotStartedException(answer.errors());
            case NO_PROGRAM -> throw new IOException("the host lacks " + answer.errors());
            default ->
                    throw new IOException(
                            "the host could not do it (status %d): %s"
                                    .formatted(answer.status(), answer.errors()));
        };
    }

    private HostAnswer untilAnswered(String script) throws IOException {
        Backoff backoff = Backoff.forEngine(random);
        Signal pause = new Signal();
        while (true) {
            try {
                HostAnswer answer = shell.run(script);
                if (lost.compareAndSet(true, false)) {
                    LOG.log(Level.INFO, "{0}: the host answers again", shell);
                }
                return answer;
            } catch (InterruptedIOException | HostAnswerTooLongException e) {
                throw e;
            } catch (IOException e) {
                if (lost.compareAndSet(false, true)) {
                    LOG.log(
                            Level.WARNING,
                            "{0}: the host does not answer ({1}); trying until it does",
                            shell,
                            e.getMessage());
                }
            }
            try {
                pause.await(backoff.next());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted");
            }
        }
    }

    /// Writes a file there, durable and all at once.
    ///
    /// @param file its path there
    public void write(String file, byte[] content) throws IOException {
        // Of each write its own: a script that comes late, of another one, must not mix with them.
        String beside = file + ".part-" + unique();
        List<String> parts = new ArrayList<>();
        for (int from = 0; from == 0 || from < content.length; from += PART) {
            String part = "%s-%04d".formatted(beside, parts.size());
            int length = Math.min(PART, content.length - from);
            parts.add(quote(part));
            String put = put(part, content, from, length);
            // The last comes with what makes them one.
            if (from + length < content.length) {
                call(put);
            } else {
                call(put + "join %s %s".formatted(quote(file), String.join(" ", parts)));
            }
        }
    }

    /// A word for names that nobody else has.
    public static String unique() {
        return UUID.randomUUID().toString();
    }

    /// A call that writes a small file as part of a larger whole.
    ///
    /// @param file its path there
    public static String put(String file, byte[] content) {
        return put(file, content, 0, content.length);
    }

    private static String put(String file, byte[] content, int from, int length) {
        String text =
                new String(
                        Base64.getMimeEncoder(76, new byte[] {'\n'})
                                .encode(Arrays.copyOfRange(content, from, from + length)),
                        StandardCharsets.US_ASCII);
        return "put %s <<'formwork-end-of-file'\n%s\nformwork-end-of-file\n"
                .formatted(quote(file), text);
    }

    /// Reads a file there.
    ///
    /// @param most no more than these bytes
    public byte[] read(String file, int most) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        while (content.size() < most) {
            List<String> lines = call("chunk %s %d".formatted(quote(file), content.size()));
            byte[] chunk = decoded(String.join("", lines));
            if (chunk.length == 0) {
                break;
            }
            content.write(chunk, 0, Math.min(chunk.length, most - content.size()));
        }
        return content.toByteArray();
    }

    /// @throws IOException where it is no base64
    public static byte[] decoded(String base64) throws IOException {
        try {
            return Base64.getDecoder().decode(base64.strip());
        } catch (IllegalArgumentException e) {
            throw new IOException("the host said something that is no base64", e);
        }
    }

    /// As one word of a shell, whatever is in it.
    public static String quote(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
