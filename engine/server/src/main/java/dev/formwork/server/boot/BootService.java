package dev.formwork.server.boot;

import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.artifact.ArtifactCache;
import dev.formwork.boot.artifact.Fetches;
import dev.formwork.boot.content.Content;
import dev.formwork.boot.content.ContentSource;
import dev.formwork.boot.content.DirectorySource;
import dev.formwork.boot.http.HttpServer;
import dev.formwork.boot.lease.LeaseBook;
import dev.formwork.boot.script.ScriptSource;
import dev.formwork.boot.server.BootServer;
import dev.formwork.model.ProblemException;
import dev.formwork.server.home.DataDirectory;
import dev.formwork.server.home.LastPort;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The boot server: in the engine's process, or by itself at a remote site.
public final class BootService implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BootService.class);
    private static final int MOST_CONNECTIONS = 4096;
    private static final long MOST_ARTIFACTS = 256L << 30;
    private static final String LAST_PORT = "boot-port";

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private Optional<URI> url = Optional.empty();

    private BootService() {}

    /// Starts all of it, or nothing.
    ///
    /// @param leases are kept there; closed by the caller
    /// @throws ProblemException `boot.http-port`, and as [BootServer#start] does
    public static BootService start(
            BootSetup setup, DataDirectory data, LeaseBook leases, EngineDoor engine, Clock clock) {
        BootService service = new BootService();
        try {
            service.open(setup, data, leases, engine, clock);
            return service;
        } catch (ProblemException e) {
            service.close();
            throw e;
        }
    }

    private void open(
            BootSetup setup, DataDirectory data, LeaseBook leases, EngineDoor engine, Clock clock) {
        EngineAsked asked = new EngineAsked(engine);
        parts.push(asked);
        ArtifactCache artifacts =
                new ArtifactCache(data.directory("artifacts"), MOST_ARTIFACTS, setup.mirrors());
        Fetches fetches = new Fetches(artifacts);
        parts.push(fetches);
        Reporter reporter = new Reporter(asked);
        parts.push(reporter);
        Decider decider =
                new Decider(
                        asked,
                        new Decider.Files(
                                setup.image().resolve(Decider.KERNEL), artifacts, fetches),
                        setup.arguments(),
                        reporter);
        ContentSource content =
                ContentSource.firstOf(
                        List.of(
                                new ScriptSource(decider),
                                new ClaimSource(asked, setup.engines()),
                                new FileSource(asked),
                                setup.ignition().orElse(_ -> Optional.empty()),
                                artifacts,
                                image(setup.image()),
                                programs(setup.programs())));
        setup.http().ifPresent(at -> listen(at, content, data));
        setup.settings()
                .ifPresent(settings -> {
                    parts.push(BootServer.start(settings, leases, content, clock, reporter));
                    LOG.info("machines boot on {}", settings.links());
                });
    }

    /// Machines that were told this address ask there again after the engine has been started anew.
    private void listen(BootSetup.Listening at, ContentSource content, DataDirectory data) {
        LastPort last = new LastPort(data, LAST_PORT);
        int wanted = at.port() == 0 ? last.read().orElse(0) : at.port();
        HttpServer http;
        try {
            http = HttpServer.open(at.address(), wanted, content, MOST_CONNECTIONS);
        } catch (ProblemException e) {
            if (at.port() != 0 || wanted == 0) {
                throw e;
            }
            http = HttpServer.open(at.address(), 0, content, MOST_CONNECTIONS);
        }
        parts.push(http);
        last.write(http.port());
        Ipv4 address = at.address();
        url =
                Optional.of(
                        URI.create(
                                "http://"
                                        + address
                                        + ":"
                                        + http.port()
                                        + "/"
                                        + ScriptSource.FIRST));
        LOG.info("machines boot from {}", url.get());
    }

    /// Where a machine finds its first script, on this host.
    public Optional<URI> url() {
        return url;
    }

    private static ContentSource image(Path directory) {
        DirectorySource files = new DirectorySource(directory);
        return asked ->
                asked.path().equals(Decider.KERNEL) || asked.path().equals(Decider.INITRD)
                        ? files.find(asked)
                        : Optional.empty();
    }

    private static ContentSource programs(Map<String, Path> programs) {
        return asked -> Optional.ofNullable(programs.get(asked.path())).map(BootService::stored);
    }

    private static Content stored(Path program) {
        try {
            return new Content.Stored(program.toRealPath());
        } catch (IOException e) {
            throw ProblemException.of(
                    "boot.no-programs", program + " is gone: " + e, "apt install ipxe");
        }
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                LOG.warn("a part of the boot server does not end well", e);
            }
        }
    }
}
