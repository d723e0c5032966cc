package dev.formwork.provider.ssh.connection;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;

import dev.formwork.provider.ssh.inventory.Host;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/// The connection to one host: made when it is needed, and kept. Thread-safe.
final class Connection {
    private static final Duration ALIVE = Duration.ofSeconds(15);
    private static final int MOST_SILENCES = 2;

    private final Host host;
    private final @Nullable Connection before;
    private final Keys keys;
    private final KnownHostsFile known;
    private final Duration patience;
    private final ReentrantLock connecting = new ReentrantLock();
    private final Channels channels = new Channels();
    private volatile @Nullable Session session;

    /// @param before to the host that lies between; null where there is none
    /// @param patience how long the making of a connection may wait for the host
    Connection(
            Host host,
            @Nullable Connection before,
            Keys keys,
            KnownHostsFile known,
            Duration patience) {
        this.host = host;
        this.before = before;
        this.keys = keys;
        this.known = known;
        this.patience = patience;
    }

    Host host() {
        return host;
    }

    /// Held while a channel of the connection is open.
    Channels channels() {
        return channels;
    }

    int patienceMillis() {
        return (int) patience.toMillis();
    }

    /// Whether there is a session, as far as is known.
    boolean isConnected() {
        Session kept = session;
        return kept != null && kept.isConnected();
    }

    /// The session; a new one where there is none that is connected.
    Session session() throws JSchException, HostFailure, InterruptedException {
        connecting.lockInterruptibly();
        try {
            Session kept = session;
            if (kept != null && kept.isConnected()) {
                return kept;
            }
            Session fresh = connect();
            session = fresh;
            return fresh;
        } finally {
            connecting.unlock();
        }
    }

    private Session connect() throws JSchException, HostFailure, InterruptedException {
        JSch jsch = new JSch();
        Session fresh = jsch.getSession(host.user(), host.address(), host.port());
        try {
            fresh.setIdentityRepository(keys.of(host.key()));
        } catch (Keys.BadKeyException bad) {
            throw new HostFailure(host, known.path(), null, bad);
        }
        fresh.setHostKeyRepository(known.now());
        fresh.setConfig("StrictHostKeyChecking", "yes");
        fresh.setConfig("PreferredAuthentications", "publickey");
        fresh.setThreadFactory(Thread.ofVirtual().name("ssh-" + host.name()).factory());
        fresh.setServerAliveInterval((int) ALIVE.toMillis());
        fresh.setServerAliveCountMax(MOST_SILENCES);
        if (before != null) {
            fresh.setProxy(new ThroughHost(before.session()));
        }
        try {
            fresh.connect(patienceMillis());
            return fresh;
        } catch (JSchException failed) {
            fresh.disconnect();
            throw new HostFailure(host, known.path(), fresh, failed);
        }
    }

    /// Ends a session that is of no use any more; another one may have taken its place already.
    void drop(Session useless) {
        useless.disconnect();
    }

    /// Ends the session, if there is one.
    void close() {
        Session kept = session;
        if (kept != null) {
            kept.disconnect();
        }
    }
}
