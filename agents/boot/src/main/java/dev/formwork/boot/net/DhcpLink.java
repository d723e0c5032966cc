package dev.formwork.boot.net;

import dev.formwork.boot.address.HardwareAddress;
import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.address.Octets;
import dev.formwork.boot.lease.Arrival;
import dev.formwork.boot.lease.Destination;
import dev.formwork.boot.lease.Probe;
import dev.formwork.boot.lease.ProxyDhcp;
import dev.formwork.boot.thread.Threads;
import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// DHCP on one network interface: takes what comes to ports 67 and 4011, and what other servers
/// broadcast to port 68; sends to clients that have no address yet; looks for who uses an address.
///
/// One thread of its own receives. The other methods are safe for any thread. Linux only, and needs
/// the capabilities `CAP_NET_RAW` and `CAP_NET_BIND_SERVICE`.
public final class DhcpLink implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DhcpLink.class);
    private static final int SERVER_PORT = 67;
    private static final int CLIENT_PORT = 68;
    private static final long PROBE_MILLIS = 400;

    private final String name;
    private final int index;
    private final Ipv4 local;

    /// Null on a link without Ethernet: nobody is looked for there.
    private final @Nullable HardwareAddress card;

    private final Receiver receiver;
    private final LinuxSocket server;
    private final LinuxSocket proxy;
    private final LinuxSocket packets;
    private final LinuxSocket arp;
    private final LinuxSocket icmp;
    private final int stop;
    private final Thread thread;
    private final ConcurrentHashMap<Ipv4, CompletableFuture<Boolean>> probes =
            new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Ipv4, HardwareAddress> probedFor = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Ipv4, CompletableFuture<Boolean>> echoes =
            new ConcurrentHashMap<>();

    /// Of our echoes, among those of other programs of this host.
    private final int echoIdentifier;

    private volatile boolean isClosed;

    /// Takes what comes. Called by the link's thread, which it must not hold up.
    @FunctionalInterface
    public interface Receiver {
        void received(Octets datagram, Arrival arrival);
    }

    private DhcpLink(NetworkInterface link, Ipv4 local, Receiver receiver) throws IOException {
        this.name = link.getName();
        this.index = link.getIndex();
        this.local = local;
        byte @Nullable [] hardware = link.getHardwareAddress();
        this.card =
                hardware != null && hardware.length == 6
                        ? HardwareAddress.ethernet(Octets.of(hardware))
                        : null;
        this.receiver = receiver;
        this.echoIdentifier = (int) (ProcessHandle.current().pid() + index) & 0xffff;
        List<LinuxSocket> opened = new ArrayList<>();
        try {
            server = opened(opened, LinuxSocket.udp(name, SERVER_PORT));
            proxy = opened(opened, LinuxSocket.udp(name, ProxyDhcp.PORT));
            packets =
                    opened(
                            opened,
                            LinuxSocket.packets(
                                    index,
                                    Frames.IPV4,
                                    Frames.udpFilter(SERVER_PORT, CLIENT_PORT)));
            arp = opened(opened, LinuxSocket.packets(index, Frames.ARP, Octets.EMPTY));
            icmp = opened(opened, LinuxSocket.icmp(Frames.echoReplyFilter(echoIdentifier)));
            stop = Libc.eventfd();
        } catch (SystemCallException e) {
            opened.forEach(LinuxSocket::close);
            throw e;
        }
        thread = Thread.ofPlatform().name("dhcp-" + name).daemon().unstarted(this::run);
    }

    private static LinuxSocket opened(List<LinuxSocket> all, LinuxSocket socket) {
        all.add(socket);
        return socket;
    }

    /// Opens a link by the name of its interface.
    ///
    /// @throws ProblemException `boot.not-linux`, `boot.no-link`, `boot.no-address`,
    ///   `boot.needs-root`, `boot.port-in-use`, `boot.link-failed`
    public static DhcpLink open(String name, Receiver receiver) {
        if (!"Linux".equals(System.getProperty("os.name"))) {
            throw ProblemException.of(
                    "boot.not-linux", "DHCP is served on Linux only", "run it in a VM there");
        }
        try {
            @Nullable NetworkInterface link = NetworkInterface.getByName(name);
            if (link == null) {
                throw ProblemException.of(
                        "boot.no-link",
                        "there is no network interface " + Names.abbreviate(name),
                        "`ip link` lists them");
            }
            DhcpLink opened = new DhcpLink(link, address(link), receiver);
            opened.thread.start();
            return opened;
        } catch (SystemCallException e) {
            throw refused(name, e);
        } catch (IOException e) {
            throw failed(name, e);
        }
    }

    public String name() {
        return name;
    }

    /// Our address there.
    public Ipv4 local() {
        return local;
    }

    /// Sends a datagram from the port at which its request came in.
    ///
    /// What cannot be sent is lost, as on any network, and logged.
    public void send(byte[] datagram, Destination destination, Arrival arrival) {
        LinuxSocket from = arrival.localPort() == ProxyDhcp.PORT ? proxy : server;
        try {
            switch (destination) {
                case Destination.Host(Ipv4 address, int port) -> from.send(datagram, address, port);
                case Destination.Everybody() -> from.send(datagram, Ipv4.BROADCAST, CLIENT_PORT);
                case Destination.Card(Ipv4 address, HardwareAddress hardware) ->
                        packets.send(
                                Frames.udp(
                                        new Frames.Ends(
                                                arrival.local(),
                                                arrival.localPort(),
                                                address,
                                                CLIENT_PORT),
                                        datagram),
                                index,
                                Frames.IPV4,
                                hardware);
            }
        } catch (SystemCallException e) {
            LOG.debug("A reply on {} to {} is lost: {}", name, destination, e.getMessage());
        }
    }

    /// Whether somebody but the client uses an address; known after less than half a second.
    public CompletableFuture<Boolean> isUsed(Probe probe) {
        if (probe.isRelayed()) {
            return echo(probe.address());
        }
        @Nullable HardwareAddress ours = card;
        if (ours == null) {
            return CompletableFuture.completedFuture(false);
        }
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        probedFor.put(probe.address(), probe.client());
        probes.put(probe.address(), answer);
        try {
            arp.send(
                    Frames.arpProbe(ours, probe.address()),
                    index,
                    Frames.ARP,
                    HardwareAddress.BROADCAST);
        } catch (SystemCallException e) {
            LOG.debug("A probe on {} is lost: {}", name, e.getMessage());
        }
        return answer.completeOnTimeout(false, PROBE_MILLIS, TimeUnit.MILLISECONDS)
                .whenComplete((used, failure) -> {
                    if (probes.remove(probe.address(), answer)) {
                        probedFor.remove(probe.address());
                    }
                });
    }

    @Override
    public void close() {
        if (isClosed) {
            return;
        }
        isClosed = true;
        try {
            Libc.signal(stop);
        } catch (SystemCallException e) {
            throw new IllegalStateException(e);
        }
        Threads.join(thread);
        for (LinuxSocket socket : List.of(server, proxy, packets, arp, icmp)) {
            socket.close();
        }
        Libc.close(stop);
    }

    /// By one socket for all that are asked at once. The JDK's own way holds a thread for each.
    private CompletableFuture<Boolean> echo(Ipv4 address) {
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        echoes.put(address, answer);
        try {
            icmp.send(Frames.echo(echoIdentifier), address, 0);
        } catch (SystemCallException e) {
            LOG.debug("An echo to {} is lost: {}", address, e.getMessage());
        }
        return answer.completeOnTimeout(false, PROBE_MILLIS, TimeUnit.MILLISECONDS)
                .whenComplete((used, failure) -> echoes.remove(address, answer));
    }

    private void run() {
        List<LinuxSocket> sockets = List.of(server, proxy, packets, arp, icmp);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = Libc.state(arena);
            // struct pollfd: file, events that are asked for, events that are.
            MemorySegment files = arena.allocate(8L * (sockets.size() + 1), 8);
            for (int i = 0; i <= sockets.size(); i++) {
                files.set(
                        ValueLayout.JAVA_INT,
                        8L * i,
                        i < sockets.size() ? sockets.get(i).file() : stop);
                files.set(ValueLayout.JAVA_SHORT, 8L * i + 4, Libc.POLLIN);
            }
            while (!isClosed) {
                try {
                    Libc.poll(files, sockets.size() + 1, state);
                } catch (SystemCallException e) {
                    if (e.error() != SystemCallException.EINTR) {
                        throw new IllegalStateException(e);
                    }
                    continue;
                }
                for (int i = 0; i < sockets.size(); i++) {
                    if (files.get(ValueLayout.JAVA_SHORT, 8L * i + 6) != 0) {
                        take(sockets.get(i));
                    }
                }
            }
        }
    }

    private void take(LinuxSocket socket) {
        try {
            LinuxSocket.Received received = socket.receive();
            if (socket == arp) {
                Frames.readArp(received.datagram()).ifPresent(this::claimed);
            } else if (socket == icmp) {
                Frames.readEchoReply(received.datagram(), echoIdentifier).ifPresent(this::answered);
            } else if (socket == packets) {
                Frames.readUdp(received.datagram())
                        .ifPresent(datagram ->
                                receiver.received(
                                        datagram.content(),
                                        new Arrival(
                                                name,
                                                local,
                                                CLIENT_PORT,
                                                datagram.ends().from(),
                                                datagram.ends().fromPort())));
            } else {
                receiver.received(
                        received.datagram(),
                        new Arrival(
                                name,
                                local,
                                socket == proxy ? ProxyDhcp.PORT : SERVER_PORT,
                                received.source(),
                                received.sourcePort()));
            }
        } catch (SystemCallException e) {
            LOG.debug("Receiving on {}: {}", name, e.getMessage());
        }
    }

    private void claimed(Frames.Claim claim) {
        @Nullable HardwareAddress client = probedFor.get(claim.address());
        @Nullable CompletableFuture<Boolean> answer = probes.get(claim.address());
        if (client != null && answer != null && !claim.card().equals(client)) {
            answer.complete(true);
        }
    }

    private void answered(Ipv4 address) {
        @Nullable CompletableFuture<Boolean> answer = echoes.get(address);
        if (answer != null) {
            answer.complete(true);
        }
    }

    private static Ipv4 address(NetworkInterface link) {
        return Collections.list(link.getInetAddresses()).stream()
                .filter(Inet4Address.class::isInstance)
                .map(address -> Ipv4.of((Inet4Address) address))
                .findFirst()
                .orElseThrow(() ->
                        ProblemException.of(
                                "boot.no-address",
                                "network interface " + link.getName() + " has no IPv4 address",
                                "`ip address add 10.0.0.1/24 dev " + link.getName() + "`"));
    }

    private static ProblemException refused(String name, SystemCallException e) {
        return switch (e.error()) {
            case SystemCallException.EPERM, SystemCallException.EACCES ->
                    ProblemException.of(
                            "boot.needs-root",
                            "serving DHCP on " + name + " needs more rights: " + e.getMessage(),
                            "run it as root, or with CAP_NET_RAW and CAP_NET_BIND_SERVICE");
            case SystemCallException.EADDRINUSE ->
                    ProblemException.of(
                            "boot.port-in-use",
                            "another program serves DHCP on " + name + " (port 67 or 4011)",
                            "`ss -ulpn 'sport = 67'` names it");
            default -> failed(name, e);
        };
    }

    private static ProblemException failed(String name, IOException e) {
        return new ProblemException(
                List.of(
                        Problem.of(
                                "boot.link-failed",
                                "network interface "
                                        + name
                                        + " cannot be used: "
                                        + e.getMessage())),
                e);
    }
}
