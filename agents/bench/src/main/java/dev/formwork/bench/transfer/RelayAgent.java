package dev.formwork.bench.transfer;

import dev.formwork.bench.network.Segment;
import dev.formwork.boot.address.HardwareAddress;
import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.address.Octets;
import dev.formwork.boot.dhcp.DhcpCodec;
import dev.formwork.boot.dhcp.DhcpDecoding;
import dev.formwork.boot.dhcp.DhcpOptions;
import dev.formwork.boot.dhcp.DhcpPacket;
import dev.formwork.boot.dhcp.MessageType;
import dev.formwork.boot.dhcp.Option;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/// Gets addresses for many machines over one socket, as a relay agent does. Safe for use by several
/// threads.
final class RelayAgent implements AutoCloseable {
    private static final int PORT = 67;
    private static final int LARGEST = 1500;
    private static final int BUFFERED = 4 << 20;
    private static final int ROOM = 1472;
    private static final int ATTEMPTS = 5;

    private final InetAddress server;
    private final DatagramSocket socket;
    private final AtomicInteger transactions = new AtomicInteger(1);
    private final Map<Integer, BlockingQueue<DhcpPacket>> waiting = new ConcurrentHashMap<>();

    RelayAgent(InetAddress server) throws IOException {
        this.server = server;
        socket = new DatagramSocket(new InetSocketAddress(Segment.RELAY, PORT));
        socket.setReceiveBufferSize(BUFFERED);
        Thread.ofPlatform().name("relay").daemon().start(this::receive);
    }

    /// An address for a machine, by a whole exchange; asks again after 1, 2, 4, ... seconds.
    ///
    /// @param says what the machine says of itself
    Ipv4 address(HardwareAddress card, DhcpOptions says) throws IOException, InterruptedException {
        int transaction = transactions.getAndIncrement();
        BlockingQueue<DhcpPacket> answers = new LinkedBlockingQueue<>();
        waiting.put(transaction, answers);
        try {
            DhcpPacket offer =
                    ask(
                            packet(transaction, card, says, MessageType.DISCOVER),
                            MessageType.OFFER,
                            answers);
            DhcpOptions chosen =
                    says.toBuilder()
                            .put(Option.REQUESTED_ADDRESS, offer.yours())
                            .put(
                                    Option.SERVER_ID,
                                    offer.options().address(Option.SERVER_ID).orElseThrow())
                            .build();
            return ask(
                            packet(transaction, card, chosen, MessageType.REQUEST),
                            MessageType.ACK,
                            answers)
                    .yours();
        } finally {
            waiting.remove(transaction);
        }
    }

    @Override
    public void close() {
        socket.close();
    }

    private DhcpPacket ask(DhcpPacket packet, MessageType wanted, BlockingQueue<DhcpPacket> answers)
            throws IOException, InterruptedException {
        byte[] octets = DhcpCodec.encode(packet, ROOM);
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            socket.send(new DatagramPacket(octets, octets.length, server, PORT));
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1L << attempt);
            for (long left = end - System.nanoTime(); left > 0; left = end - System.nanoTime()) {
                @Nullable DhcpPacket answer = answers.poll(left, TimeUnit.NANOSECONDS);
                if (answer != null && answer.type() == wanted) {
                    return answer;
                }
            }
        }
        throw new IOException(packet.hardware() + " gets no " + wanted);
    }

    private static DhcpPacket packet(
            int transaction, HardwareAddress card, DhcpOptions says, MessageType type) {
        return new DhcpPacket(
                false,
                1,
                transaction,
                0,
                false,
                Ipv4.ANY,
                Ipv4.ANY,
                Ipv4.ANY,
                Ipv4.parse(Segment.RELAY),
                card,
                "",
                "",
                says.toBuilder().put(Option.MESSAGE_TYPE, Octets.of(type.code())).build());
    }

    private void receive() {
        byte[] octets = new byte[LARGEST];
        while (!socket.isClosed()) {
            DatagramPacket packet = new DatagramPacket(octets, octets.length);
            try {
                socket.receive(packet);
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    System.out.println("the relay agent loses a packet: " + e);
                }
                continue;
            }
            if (DhcpCodec.decode(Octets.copyOf(octets, 0, packet.getLength()))
                    instanceof DhcpDecoding.Decoded(DhcpPacket answer)) {
                @Nullable BlockingQueue<DhcpPacket> queue = waiting.get(answer.transaction());
                if (queue != null) {
                    queue.add(answer);
                }
            }
        }
    }
}
