package dev.formwork.boot.tftp;

import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.content.Content;
import dev.formwork.boot.content.ContentPath;
import dev.formwork.boot.content.ContentSource;
import dev.formwork.boot.content.Open;
import dev.formwork.boot.thread.Threads;
import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/// Sends files by TFTP from one of our addresses. Each transfer has a socket and a virtual thread
/// of its own, and there are so many at most; a request above that is told so.
public final class TftpServer implements AutoCloseable {
    public static final int PORT = 69;

    private static final Logger LOG = LoggerFactory.getLogger(TftpServer.class);
    private static final int LARGEST_REQUEST = 2048;
    private static final int MOST_OF_ONE_CLIENT = 32;

    private final DatagramSocket socket;
    private final Ipv4 local;
    private final ContentSource source;
    private final int most;
    private final Thread thread;

    /// What clients have asked for and, for all we know, have no answer to: the same request of one
    /// of them is not another one. Who has heard an answer begins anew (RFC 1350 asks for another
    /// port then; some firmware keeps its port).
    private final Map<SocketAddress, ReadRequest> asking = new ConcurrentHashMap<>();

    private final Set<Served> served = ConcurrentHashMap.newKeySet();
    private final ExecutorService threads =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("tftp-", 0).factory());

    private TftpServer(DatagramSocket socket, Ipv4 local, ContentSource source, int most) {
        this.socket = socket;
        this.local = local;
        this.source = source;
        this.most = most;
        thread = Thread.ofPlatform().name("tftp-" + local).daemon().unstarted(this::run);
    }

    /// Serves on an address.
    ///
    /// @param port 69, or 0 for any that is free
    /// @param most transfers at once
    /// @throws ProblemException `tftp.port`
    public static TftpServer open(Ipv4 local, int port, ContentSource source, int most) {
        try {
            DatagramSocket socket = new DatagramSocket(new InetSocketAddress(local.inet(), port));
            TftpServer server = new TftpServer(socket, local, source, most);
            server.thread.start();
            return server;
        } catch (IOException e) {
            throw new ProblemException(
                    List.of(
                            Problem.of(
                                    "tftp.port",
                                    "TFTP cannot be served on "
                                            + local
                                            + " port "
                                            + port
                                            + ": "
                                            + e.getMessage(),
                                    "`ss -ulpn 'sport = 69'` names who has it; it needs root")),
                    e);
        }
    }

    public int port() {
        return socket.getLocalPort();
    }

    /// How many transfers go on.
    public int size() {
        return served.size();
    }

    /// Ends all transfers.
    @Override
    public void close() {
        socket.close();
        served.forEach(Served::abandon);
        threads.close();
        Threads.join(thread);
    }

    private void run() {
        byte[] octets = new byte[LARGEST_REQUEST];
        while (!socket.isClosed()) {
            DatagramPacket packet = new DatagramPacket(octets, octets.length);
            try {
                socket.receive(packet);
                take(packet);
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    LOG.debug("A request on {} is lost: {}", local, e.toString());
                }
            }
        }
    }

    private void take(DatagramPacket packet) throws IOException {
        SocketAddress from = packet.getSocketAddress();
        if (packet.getPort() == 0 || !(packet.getAddress() instanceof Inet4Address address)) {
            return;
        }
        switch (ReadRequest.parse(packet.getData(), packet.getLength())) {
            case ReadRequest.Parsed.Wrong(TftpError error, String reason) -> {
                // No answer to what is not even a request: it might be the echo of an error.
                if (error != TftpError.ILLEGAL) {
                    refuse(from, error, reason);
                }
            }
            case ReadRequest.Parsed.Right(ReadRequest request) -> {
                Ipv4 client = Ipv4.of(address);
                long ofClient = served.stream().filter(each -> each.client.equals(client)).count();
                if (request.equals(asking.get(from))) {
                    LOG.debug("{} asks again before it has an answer", client);
                } else if (served.size() >= most || ofClient >= MOST_OF_ONE_CLIENT) {
                    refuse(
                            from,
                            TftpError.UNDEFINED,
                            Problem.of("tftp.busy", "too many transfers go on").toString());
                } else {
                    asking.put(from, request);
                    Served one = new Served(request, client, from);
                    served.add(one);
                    threads.execute(one);
                }
            }
        }
    }

    /// A request, from when it is taken until its client has all, or goes without.
    private final class Served implements Runnable {
        private final ReadRequest request;
        private final Ipv4 client;
        private final SocketAddress from;
        private volatile Optional<Transfer> transfer = Optional.empty();

        Served(ReadRequest request, Ipv4 client, SocketAddress from) {
            this.request = request;
            this.client = client;
            this.from = from;
        }

        @Override
        public void run() {
            try {
                find().ifPresent(this::send);
            } finally {
                asking.remove(from, request);
                served.remove(this);
            }
        }

        void abandon() {
            transfer.ifPresent(Transfer::abandon);
        }

        private Optional<Content> find() {
            try {
                Optional<Content> found =
                        ContentPath.of(request.file())
                                .flatMap(path ->
                                        source.find(
                                                new ContentSource.Asked(
                                                        path, "", client, local.toString())));
                if (found.isEmpty()) {
                    LOG.info("{} asks for {}, which is not there", client, shown());
                    refuseInstead(
                            TftpError.NOT_FOUND,
                            Problem.of("tftp.not-found", "no such file").toString());
                }
                return found;
            } catch (ProblemException e) {
                LOG.warn("{} does not get {}: {}", client, shown(), e.getMessage());
                refuseInstead(TftpError.UNDEFINED, e.getMessage());
                return Optional.empty();
            }
        }

        private void send(Content found) {
            try (Open content = found.open();
                    Transfer sending =
                            new Transfer(
                                    local,
                                    from,
                                    request,
                                    content,
                                    () -> asking.remove(from, request))) {
                transfer = Optional.of(sending);
                if (socket.isClosed()) {
                    return; // Too late for close() to have seen this one.
                }
                sending.run();
                LOG.debug("{} has {}: {} octets", client, shown(), content.size());
            } catch (IOException e) {
                LOG.info("{} does not get {} whole: {}", client, shown(), e.getMessage());
            }
        }

        /// The refusal may make the client ask for something else at once: this one is over.
        private void refuseInstead(TftpError error, String reason) {
            asking.remove(from, request);
            served.remove(this);
            try {
                refuse(from, error, reason);
            } catch (IOException e) {
                LOG.debug("An error for {} is lost: {}", from, e.toString());
            }
        }

        private String shown() {
            return Names.abbreviate(request.file());
        }
    }

    private void refuse(SocketAddress to, TftpError error, String reason) throws IOException {
        byte[] octets = Transfer.error(error, reason);
        socket.send(new DatagramPacket(octets, octets.length, to));
    }
}
