package dev.formwork.boot.http;

import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.content.ContentSource;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Serves content by HTTP/1.1 from one of our addresses. Each connection has a virtual thread of
/// its own; there are so many at most, and one that neither asks nor takes for a minute is ended.
///
/// What it serves is for anybody on the boot network, as everything that a machine loads before it
/// can say who it is.
public final class HttpServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int BACKLOG = 1024;

    private final ServerSocketChannel listener;
    private final ContentSource source;
    private final int most;
    private final Thread thread;
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("http-", 0).factory());

    /// When each connection asked or took something last, by [System#nanoTime].
    private final Map<SocketChannel, Long> connections = new ConcurrentHashMap<>();

    private final ScheduledExecutorService reaper =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("http-reaper").daemon().factory());

    private HttpServer(ServerSocketChannel listener, ContentSource source, int most) {
        this.listener = listener;
        this.source = source;
        this.most = most;
        thread = Thread.ofPlatform().name("http-accept").daemon().unstarted(this::run);
    }

    /// Serves on an address.
    ///
    /// @param port 0 for any that is free
    /// @param most connections at once
    /// @throws ProblemException `boot.http-port`
    public static HttpServer open(Ipv4 local, int port, ContentSource source, int most) {
        try {
            ServerSocketChannel listener = ServerSocketChannel.open();
            try {
                listener.setOption(StandardSocketOptions.SO_REUSEADDR, true);
                listener.bind(new InetSocketAddress(local.inet(), port), BACKLOG);
            } catch (IOException e) {
                listener.close();
                throw e;
            }
            return new HttpServer(listener, source, most).start();
        } catch (IOException e) {
            throw new ProblemException(
                    List.of(
                            Problem.of(
                                    "boot.http-port",
                                    "HTTP cannot be served on "
                                            + local
                                            + " port "
                                            + port
                                            + ": "
                                            + e.getMessage(),
                                    "`ss -tlpn 'sport = " + port + "'` names who has it")),
                    e);
        }
    }

    private HttpServer start() {
        thread.start();
        var _ = reaper.scheduleAtFixedRate(this::reap, 10, 10, TimeUnit.SECONDS);
        return this;
    }

    public int port() {
        return listener.socket().getLocalPort();
    }

    @Override
    public void close() {
        closeQuietly(listener);
        reaper.shutdownNow();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        connections.keySet().forEach(HttpServer::closeQuietly);
        threads.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        while (listener.isOpen()) {
            try {
                SocketChannel channel = listener.accept();
                if (connections.size() >= most) {
                    LOG.debug("Too many connections: one more is ended");
                    closeQuietly(channel);
                    continue;
                }
                connections.put(channel, System.nanoTime());
                threads.execute(() -> serve(channel));
            } catch (IOException e) {
                if (listener.isOpen()) {
                    LOG.warn("A connection is lost: {}", e.toString());
                }
            }
        }
    }

    private void serve(SocketChannel channel) {
        try (channel) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            new Connection(channel, source, () -> connections.replace(channel, System.nanoTime()))
                    .run();
        } catch (IOException e) {
            LOG.debug("A connection broke: {}", e.toString());
        } finally {
            connections.remove(channel);
        }
    }

    /// Ends what neither asks nor takes.
    private void reap() {
        long now = System.nanoTime();
        connections.forEach((channel, heard) -> {
            if (now - heard > PATIENCE.toNanos()) {
                closeQuietly(channel);
            }
        });
    }

    private static void closeQuietly(AutoCloseable channel) {
        try {
            channel.close();
        } catch (Exception e) {
            LOG.debug("A channel that is no longer used does not close", e);
        }
    }
}
