package dev.formwork.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;

/// Somebody between an agent and its engine, who passes on every byte.
final class Relay implements AutoCloseable {
    private final ServerSocket listening;
    private final int port;

    private Relay(ServerSocket listening, int port) {
        this.listening = listening;
        this.port = port;
    }

    /// @param port where the engine is on 127.0.0.1
    static Relay at(String address, int port) throws IOException {
        Relay relay = new Relay(new ServerSocket(0, 50, InetAddress.getByName(address)), port);
        Thread.ofVirtual().name("relay").start(relay::accept);
        return relay;
    }

    URI uri() {
        return URI.create(
                "https://%s:%d"
                        .formatted(
                                listening.getInetAddress().getHostAddress(),
                                listening.getLocalPort()));
    }

    private void accept() {
        try {
            while (true) {
                Socket caller = listening.accept();
                Socket engine = new Socket(InetAddress.getLoopbackAddress(), port);
                Thread.ofVirtual().start(() -> copy(caller, engine));
                Thread.ofVirtual().start(() -> copy(engine, caller));
            }
        } catch (IOException _) {
            // Closed.
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from;
                to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException _) {
            // One of the two has gone.
        }
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
