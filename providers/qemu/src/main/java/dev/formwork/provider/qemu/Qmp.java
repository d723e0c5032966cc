package dev.formwork.provider.qemu;

import dev.formwork.provider.ProviderCode;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/// A conversation with a QEMU that runs, in its machine protocol (QMP; docs/interop/qmp-spec of
/// QEMU). QEMU speaks with one at a time, so the machine's lock has to be held.
///
/// Not thread-safe.
final class Qmp implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int LONGEST_LINE = 1 << 20;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final SocketChannel channel;
    private final Selector selector;
    private final ByteBuffer received = ByteBuffer.allocate(8192).flip();
    private final long deadline = System.nanoTime() + PATIENCE.toNanos();

    private Qmp(SocketChannel channel, Selector selector) {
        this.channel = channel;
        this.selector = selector;
    }

    /// @throws dev.formwork.model.ProblemException `provider.timeout`, `provider.interrupted`
    static Qmp open(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.configureBlocking(false);
            Selector selector = Selector.open();
            channel.register(selector, SelectionKey.OP_READ);
            Qmp qmp = new Qmp(channel, selector);
            try {
                qmp.await("QMP");
                qmp.execute("qmp_capabilities", Map.of());
                return qmp;
            } catch (IOException | RuntimeException failed) {
                qmp.close();
                throw failed;
            }
        } catch (IOException | RuntimeException failed) {
            channel.close();
            throw failed;
        }
    }

    /// Does a command, and returns when QEMU says that it is done.
    void execute(String command, Map<String, ?> arguments) throws IOException {
        byte[] line = JSON.writeValueAsBytes(Map.of("execute", command, "arguments", arguments));
        ByteBuffer out = ByteBuffer.allocate(line.length + 1).put(line).put((byte) '\n').flip();
        // It fits into the buffer of a socket that nobody else writes to.
        channel.write(out);
        if (out.hasRemaining()) {
            throw new IOException("QEMU does not listen");
        }
        JsonNode answer = await("return", "error");
        if (answer.has("error")) {
            throw new IOException("QEMU refuses %s: %s".formatted(command, answer.get("error")));
        }
    }

    /// The next message with one of these members.
    private JsonNode await(String... members) throws IOException {
        while (true) {
            JsonNode message;
            try {
                message = JSON.readTree(line());
            } catch (JacksonException garbled) {
                throw new IOException("QEMU sends what is no QMP", garbled);
            }
            for (String member : members) {
                if (message.has(member)) {
                    return message;
                }
            }
        }
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            while (received.hasRemaining()) {
                byte next = received.get();
                if (next == '\n') {
                    return line.toString(StandardCharsets.UTF_8);
                }
                line.write(next);
            }
            if (line.size() > LONGEST_LINE) {
                throw new IOException("QEMU sends a line without an end");
            }
            receive();
        }
    }

    private void receive() throws IOException {
        long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
        if (left <= 0) {
            throw ProviderCode.TIMEOUT.problem(
                    "QEMU does not answer", "switch the machine off, which ends it, and on again");
        }
        selector.select(left);
        selector.selectedKeys().clear();
        if (Thread.currentThread().isInterrupted()) {
            throw ProviderCode.INTERRUPTED.problem(
                    "interrupted while speaking with QEMU", "ask again under the same token");
        }
        received.clear();
        int count = channel.read(received);
        received.flip();
        if (count < 0) {
            throw new IOException("QEMU has ended");
        }
    }

    @Override
    public void close() throws IOException {
        try (selector) {
            channel.close();
        }
    }
}
