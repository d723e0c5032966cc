package dev.formwork.testkit.ipmi;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.CompletableFuture;

/// The serial port of a node that is none: `ipmi_sim` connects to it by TCP, as it would to a
/// machine's.
final class SerialLine implements AutoCloseable {
    private final ServerSocket server;
    private final CompletableFuture<Socket> controller = new CompletableFuture<>();

    SerialLine() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread _ =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                controller.complete(server.accept());
                            } catch (IOException closed) {
                                controller.completeExceptionally(closed);
                            }
                        });
    }

    int port() {
        return server.getLocalPort();
    }

    void print(byte[] text) {
        try {
            controller.join().getOutputStream().write(text);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            if (controller.isDone() && !controller.isCompletedExceptionally()) {
                controller.join().close();
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
