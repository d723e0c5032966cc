package dev.formwork.boot.server;

import dev.formwork.boot.content.ContentSource;
import dev.formwork.boot.http.HttpServer;
import dev.formwork.boot.lease.Arrival;
import dev.formwork.boot.lease.Destination;
import dev.formwork.boot.lease.DhcpServer;
import dev.formwork.boot.lease.DhcpSettings;
import dev.formwork.boot.lease.LeaseBook;
import dev.formwork.boot.lease.Observation;
import dev.formwork.boot.lease.Probe;
import dev.formwork.boot.lease.ProxyDhcp;
import dev.formwork.boot.net.DhcpLink;
import dev.formwork.boot.pxe.NetworkBoot;
import dev.formwork.boot.tftp.TftpServer;
import dev.formwork.model.ProblemException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/// Boots machines on some of our links: DHCP or ProxyDHCP, TFTP and HTTP on each. Parts start in
/// the order in which a machine needs them last, so that none is told to load what is not served
/// yet.
public final class BootServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BootServer.class);
    private static final int MOST_TRANSFERS = 512;
    private static final int MOST_CONNECTIONS = 4096;

    private final Map<String, DhcpLink> links = new ConcurrentHashMap<>();
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    /// @param links names of network interfaces
    /// @param isProxy tells clients what to boot where no subnet is for them
    public record Settings(
            List<String> links, DhcpSettings dhcp, boolean isProxy, NetworkBoot boot) {
        public Settings {
            links = List.copyOf(links);
        }
    }

    private BootServer() {}

    /// Starts all parts, or none.
    ///
    /// @param book stays open
    /// @param observer is told what is seen on the networks, by several threads; it returns at once
    /// @throws ProblemException as [DhcpLink#open], [TftpServer#open] and [HttpServer#open] do
    public static BootServer start(
            Settings settings,
            LeaseBook book,
            ContentSource content,
            Clock clock,
            Consumer<Observation> observer) {
        BootServer server = new BootServer();
        try {
            server.open(settings, book, content, clock, observer);
            return server;
        } catch (ProblemException e) {
            server.close();
            throw e;
        }
    }

    private void open(
            Settings settings,
            LeaseBook book,
            ContentSource content,
            Clock clock,
            Consumer<Observation> observer) {
        DhcpServer dhcp =
                new DhcpServer(settings.dhcp(), settings.boot(), book.load(), clock.instant());
        Optional<ProxyDhcp> proxy =
                settings.isProxy() ? Optional.of(new ProxyDhcp(settings.boot())) : Optional.empty();
        DhcpService service = new DhcpService(dhcp, proxy, book, wire(), clock, observer);
        for (String name : settings.links()) {
            DhcpLink link = DhcpLink.open(name, service::received);
            links.put(name, link);
            parts.push(link);
            parts.push(
                    HttpServer.open(
                            link.local(), settings.boot().httpPort(), content, MOST_CONNECTIONS));
            parts.push(TftpServer.open(link.local(), TftpServer.PORT, content, MOST_TRANSFERS));
        }
        parts.push(service.start());
        parts.push(new LinkLooker(settings.links(), clock, observer).start());
    }

    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                LOG.warn("A part of the boot server does not end well", e);
            }
        }
    }

    private DhcpWire wire() {
        return new DhcpWire() {
            @Override
            public void send(byte[] datagram, Destination destination, Arrival arrival) {
                @Nullable DhcpLink link = links.get(arrival.link());
                if (link != null) {
                    link.send(datagram, destination, arrival);
                }
            }

            @Override
            public CompletableFuture<Boolean> isUsed(Probe probe) {
                @Nullable DhcpLink link = links.get(probe.arrival().link());
                return link == null ? CompletableFuture.completedFuture(false) : link.isUsed(probe);
            }
        };
    }
}
