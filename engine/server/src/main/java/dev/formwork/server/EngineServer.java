package dev.formwork.server;

import dev.formwork.model.ProblemException;
import dev.formwork.server.health.Readiness;
import dev.formwork.server.home.DataDirectory;
import dev.formwork.server.home.EngineFile;
import dev.formwork.server.home.UntilStopped;
import dev.formwork.server.log.EngineLog;
import dev.formwork.server.security.ApiToken;
import dev.formwork.store.DirectoryLock;
import dev.formwork.workflow.store.EngineAddress;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/// Starts an engine that serves: the entry for the CLI and for tests.
public final class EngineServer {
    private static final Logger LOG = LoggerFactory.getLogger(EngineServer.class);

    private EngineServer() {}

    /// Opens the data directory, starts the engine and listens. When it returns, the engine takes
    /// work; where another engine has the database, that is when this one has taken over.
    ///
    /// @throws ProblemException `server.needs-tls`, `server.bad-address`, `server.bad-name`,
    ///   `server.needs-name`, `server.port-in-use`, `server.data-directory`,
    ///   `server.secret-readable`, `store.locked` and other `store.*`, and what keeps a pack from
    ///   being loaded
    public static RunningServer start(ServeConfig config) {
        return start(config, Clock.systemUTC());
    }

    /// @param certificates the clock of certificates: tests let theirs grow old
    static RunningServer start(ServeConfig config, Clock certificates) {
        config.check();
        DataDirectory data = DataDirectory.open(config.data());
        EngineLog.writeTo(data.root(), config.console());
        Clock clock = Clock.systemUTC();
        ApiToken token = ApiToken.in(data);
        Optional<DirectoryLock> lock =
                config.database().map(_ -> DirectoryLock.take(data.root(), clock));
        try {
            return start(config, data, clock, certificates, token, lock);
        } catch (RuntimeException e) {
            lock.ifPresent(EngineServer::unlock);
            throw e;
        }
    }

    private static void unlock(DirectoryLock lock) {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.warn("the lock of the data directory did not close well", e);
        }
    }

    private static RunningServer start(
            ServeConfig config,
            DataDirectory data,
            Clock clock,
            Clock certificates,
            ApiToken token,
            Optional<DirectoryLock> lock) {
        Engine engine = Engine.open(config, data, clock);
        Readiness readiness = new Readiness(engine::problem);
        try {
            HttpDoor http =
                    HttpDoor.open(config, data, engine, readiness, token, clock, certificates);
            try {
                EngineAddress address = http.address();
                engine.start(address, token);
                EngineFile.write(data, address, clock.instant());
                readiness.up();
                LOG.info("engine {} is ready at {}", engine.id(), address.local());
                address.secure().ifPresent(url -> LOG.info("and, for other hosts, at {}", url));
                return new Running(http, engine, readiness, data, lock);
            } catch (RuntimeException e) {
                http.close();
                throw e;
            }
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    /// Starts an engine, says so in one line, and returns when the process is asked to end (TERM,
    /// INT) and the engine has stopped in order.
    ///
    /// @param out gets `formwork is ready at http://127.0.0.1:7474`
    /// @throws ProblemException as [#start]
    public static void serve(ServeConfig config, PrintStream out) {
        RunningServer server = start(config);
        UntilStopped stopped = UntilStopped.stopping(server::close);
        out.println("formwork is ready at " + server.uri());
        out.flush();
        try {
            stopped.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            server.close();
        }
    }

    private static final class Running implements RunningServer {
        private final HttpDoor http;
        private final Engine engine;
        private final Readiness readiness;
        private final DataDirectory data;
        private final Optional<DirectoryLock> lock;
        private final AtomicBoolean closed = new AtomicBoolean();

        Running(
                HttpDoor http,
                Engine engine,
                Readiness readiness,
                DataDirectory data,
                Optional<DirectoryLock> lock) {
            this.lock = lock;
            this.http = http;
            this.engine = engine;
            this.readiness = readiness;
            this.data = data;
        }

        @Override
        public URI uri() {
            return http.address().local();
        }

        @Override
        public Optional<URI> secureUri() {
            return http.address().secure();
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                LOG.info("stopping");
                readiness.stopping();
                engine.sendAgentsHome();
                http.close();
                engine.close();
                EngineFile.delete(data);
                lock.ifPresent(EngineServer::unlock);
                LOG.info("stopped");
            }
        }
    }
}
