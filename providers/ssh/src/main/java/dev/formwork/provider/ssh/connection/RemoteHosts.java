package dev.formwork.provider.ssh.connection;

import com.jcraft.jsch.Channel;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.SftpException;

import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.ssh.inventory.Host;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Runs scripts on hosts and puts files there, over one connection for each host that is made when
/// it is needed and kept. So many hosts at once, and no more; who comes later waits. A host that is
/// only being connected to does not count among those: as many again may be, so that hosts that do
/// not answer keep none of the others waiting. Each use is on a thread of its own, so that a time
/// limit and an interruption end it whatever it waits for.
///
/// Thread-safe.
public final class RemoteHosts implements AutoCloseable {
    private static final Duration UPLOAD = Duration.ofMinutes(15);

    private final Keys keys;
    private final KnownHostsFile known;
    private final Limits limits;
    private final Semaphore places;
    private final Semaphore connecting;
    private final Map<String, Connection> connections = new ConcurrentHashMap<>();
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("ssh-host-", 0).factory());
    private volatile boolean isClosed;

    /// @param knownHosts the file of known hosts
    public RemoteHosts(Keys keys, Path knownHosts, Limits limits) {
        this.keys = keys;
        this.known = new KnownHostsFile(knownHosts);
        this.limits = limits;
        this.places = new Semaphore(limits.parallel());
        this.connecting = new Semaphore(limits.parallel());
    }

    /// @param parallel hosts that are worked on at once
    /// @param connect how long the making of a connection may take, with each host between
    /// @param script how long a script may take
    public record Limits(int parallel, Duration connect, Duration script) {}

    @FunctionalInterface
    private interface Use<T> {
        T of(Exchange exchange)
                throws JSchException, IOException, SftpException, HostFailure, InterruptedException;
    }

    /// Runs a script in `/bin/sh` on a host.
    ///
    /// @throws ProblemException `provider.timeout`, `.unavailable`, `.credentials`, `.interrupted`,
    ///   `ssh.unknown-host-key`, `.host-key-changed`, `.host-key-revoked`, `.protocol`,
    ///   `.host-failed`
    public Answer run(Host host, String script) {
        return call(host, limits.script(), exchange -> exchange.run(script));
    }

    /// Whether it says that an answer was longer than any: then to ask again would not help.
    public static boolean isTooLong(ProblemException failure) {
        return failure.getCause() instanceof Exchange.TooMuchException;
    }

    /// Runs a script that is expected to take moments.
    ///
    /// @param most how long it may take, where scripts may not take less
    /// @throws ProblemException as [#run(Host, String)]
    public Answer run(Host host, String script, Duration most) {
        Duration limit = limits.script();
        return call(
                host, limit.compareTo(most) < 0 ? limit : most, exchange -> exchange.run(script));
    }

    /// Puts files below a directory of a host.
    ///
    /// @throws ProblemException as [#run(Host, String)], and `provider.quota` where its disk is
    ///   full
    public void put(Host host, String directory, List<Upload> files) {
        call(
                host,
                UPLOAD,
                exchange -> {
                    exchange.put(directory, files);
                    return files;
                });
    }

    private <T> T call(Host host, Duration limit, Use<T> use) {
        Duration withConnection =
                limit.plus(limits.connect().multipliedBy(host.jump().size() + 2L));
        Connection connection = connection(host);
        try {
            long left = withConnection.toNanos() - connect(connection, withConnection);
            places.acquire();
            try {
                Exchange exchange = new Exchange(connection);
                Future<T> answer = threads.submit(() -> use.of(exchange));
                try {
                    return answer.get(left, TimeUnit.NANOSECONDS);
                } catch (InterruptedException interrupted) {
                    end(exchange, answer);
                    throw interrupted;
                } finally {
                    if (!exchange.isEnded()) {
                        answer.cancel(true);
                    }
                }
            } finally {
                places.release();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ProviderCode.INTERRUPTED.problem(
                    "interrupted while working on host " + host,
                    "ask again under the same token",
                    interrupted);
        } catch (TimeoutException late) {
            connection.close();
            throw ProviderCode.TIMEOUT.problem(
                    "host %s did not answer in %d s".formatted(host, withConnection.toSeconds()),
                    "see whether it is well; the setting seconds gives commands longer",
                    late);
        } catch (ExecutionException failed) {
            if (isClosed) {
                throw closed();
            }
            throw told(connection, failed.getCause());
        }
    }

    /// Leaves it to the use itself to connect anew where a connection has died unseen.
    ///
    /// @return how many nanoseconds it took
    private long connect(Connection connection, Duration limit)
            throws InterruptedException, ExecutionException, TimeoutException {
        if (connection.isConnected()) {
            return 0;
        }
        connecting.acquire();
        long start = System.nanoTime();
        try {
            Future<?> made = threads.submit(() -> connection.session());
            try {
                made.get(limit.toMillis(), TimeUnit.MILLISECONDS);
            } finally {
                made.cancel(true);
            }
            return System.nanoTime() - start;
        } finally {
            connecting.release();
        }
    }

    /// A thread that is interrupted while it writes takes the connection down, for all who share
    /// it. So where there is a channel that is closed instead; nobody waits for it.
    private void end(Exchange exchange, Future<?> answer) {
        Channel open = exchange.end();
        if (open == null) {
            answer.cancel(true);
        } else if (!isClosed) {
            threads.execute(open::disconnect);
        }
    }

    private ProblemException told(Connection connection, @Nullable Throwable failure) {
        Host host = connection.host();
        return switch (failure) {
            case HostFailure cause -> cause.told();
            case JSchException cause -> HostFailure.lost(host, known.path(), cause).told();
            case SftpException cause -> sftp(host, cause);
            case IOException cause ->
                    ProviderCode.UNAVAILABLE.problem(
                            "host %s: %s"
                                    .formatted(
                                            host,
                                            Names.abbreviate(String.valueOf(cause.getMessage()))),
                            "see whether it is well",
                            cause);
            case null, default -> throw new IllegalStateException("host " + host, failure);
        };
    }

    private static ProblemException sftp(Host host, SftpException cause) {
        String message = Names.abbreviate(String.valueOf(cause.getMessage()));
        return switch (cause.id) {
            case 3 ->
                    ProviderCode.CREDENTIALS.problem(
                            "host %s: user %s may not write: %s"
                                    .formatted(host, host.user(), message),
                            "give it a directory of its own: the setting directory",
                            cause);
            case 4 ->
                    ProviderCode.QUOTA.problem(
                            "host %s cannot store a file: %s".formatted(host, message),
                            "see whether its disk is full",
                            cause);
            default ->
                    ProviderCode.UNAVAILABLE.problem(
                            "host %s: %s".formatted(host, message),
                            "see whether it is well",
                            cause);
        };
    }

    /// To a host through those between.
    private Connection connection(Host host) {
        if (isClosed) {
            throw closed();
        }
        Connection before = null;
        StringBuilder way = new StringBuilder();
        for (Host between : host.jump()) {
            before = connection(between, before, way);
        }
        return connection(host, before, way);
    }

    private Connection connection(Host host, @Nullable Connection before, StringBuilder way) {
        way.append('\n')
                .append(host.user())
                .append('@')
                .append(host.knownAs())
                .append(' ')
                .append(host.key());
        return connections.computeIfAbsent(
                way.toString(), _ -> new Connection(host, before, keys, known, limits.connect()));
    }

    private static ProblemException closed() {
        return ProviderCode.CLOSED.problem("the provider was closed", null);
    }

    /// Ends what runs and all connections.
    @Override
    public void close() {
        isClosed = true;
        threads.shutdownNow();
        connections.values().forEach(Connection::close);
    }
}
