package dev.formwork.provider.ipmi;

import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.bmc.SerialPort;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/// The serial port of a node by IPMI's Serial over LAN (IPMI 2.0, chapter 15): `ipmitool sol
/// activate`, whose end is the end of its standard input. A controller has one such session.
final class SerialOverLan implements SerialPort {
    private static final List<String> COMMAND = List.of("sol", "activate");

    /// The line that ipmitool prints when there is a session; what comes before says why there is
    /// none.
    private static final String BANNER = "[SOL Session operational.";

    private static final int MOST_BEFORE_BANNER = 16 * 1024;
    private static final int PORTION = 16 * 1024;
    private static final int SECONDS_TO_END = 5;

    private final Ipmitool ipmitool;

    SerialOverLan(Ipmitool ipmitool) {
        this.ipmitool = ipmitool;
    }

    @Override
    public void listen(Listener listener) throws IOException {
        Process process = ipmitool.start(COMMAND);
        try {
            CompletableFuture<String> err = Ipmitool.reading(process.getErrorStream(), "sol-err");
            Conversation conversation = new Conversation(listener);
            CompletableFuture<Void> heard = conversation.follow(process.getInputStream());
            heard.get();
            if (!conversation.hasBegun()) {
                throw IpmiFailure.of(
                        ipmitool.node(), COMMAND, conversation.said() + "\n" + err.join());
            }
        } catch (ExecutionException failed) {
            throw new IOException(failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ProviderCode.INTERRUPTED.problem(
                    "interrupted while the console of node %s was heard".formatted(ipmitool.node()),
                    null);
        } finally {
            end(process);
        }
    }

    /// So that the controller knows that the session is over: else it refuses the next one.
    private static void end(Process process) {
        boolean wasInterrupted = Thread.interrupted();
        try {
            process.getOutputStream().close();
            boolean _ = process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS);
        } catch (IOException gone) {
            // It has ended by itself.
        } catch (InterruptedException again) {
            wasInterrupted = true;
        } finally {
            process.destroyForcibly();
            if (wasInterrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// What ipmitool prints: a line of its own, then what the node does.
    private static final class Conversation {
        private final Listener listener;
        private final ByteArrayOutputStream before = new ByteArrayOutputStream();
        private volatile boolean hasBegun;

        private Conversation(Listener listener) {
            this.listener = listener;
        }

        CompletableFuture<Void> follow(InputStream from) {
            CompletableFuture<Void> end = new CompletableFuture<>();
            Thread _ =
                    Thread.ofVirtual()
                            .name("ipmitool-sol")
                            .start(() -> {
                                try (from) {
                                    byte[] portion = new byte[PORTION];
                                    int count = from.read(portion);
                                    while (count >= 0) {
                                        take(Arrays.copyOf(portion, count));
                                        count = from.read(portion);
                                    }
                                    end.complete(null);
                                } catch (IOException failed) {
                                    end.completeExceptionally(failed);
                                }
                            });
            return end;
        }

        private void take(byte[] bytes) throws IOException {
            if (hasBegun) {
                listener.heard(bytes);
                return;
            }
            before.write(bytes);
            String said = said();
            int banner = said.indexOf(BANNER);
            int end = banner < 0 ? -1 : said.indexOf('\n', banner);
            if (end >= 0) {
                hasBegun = true;
                listener.begins();
                byte[] all = before.toByteArray();
                if (all.length > end + 1) {
                    listener.heard(Arrays.copyOfRange(all, end + 1, all.length));
                }
            } else if (before.size() > MOST_BEFORE_BANNER) {
                throw new IOException("ipmitool says too much: " + said.substring(0, 100));
            }
        }

        boolean hasBegun() {
            return hasBegun;
        }

        String said() {
            return before.toString(StandardCharsets.ISO_8859_1);
        }
    }
}
