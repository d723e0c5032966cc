package dev.formwork.boot.net;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.formwork.boot.address.HardwareAddress;
import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.address.Octets;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// A socket on one network interface. Sending is safe for several threads; receiving is for one.
final class LinuxSocket implements AutoCloseable {
    private static final ValueLayout.OfShort NET_SHORT =
            JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final ValueLayout.OfInt NET_INT =
            JAVA_INT_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
    private static final int ADDRESS_SIZE = 20;
    private static final int LARGEST = 4096;
    private static final int BUFFERED = 4 << 20;

    private final int file;

    // The receiver's own.
    private final Arena arena = Arena.ofShared();
    private final MemorySegment buffer = arena.allocate(LARGEST);
    private final MemorySegment sender = arena.allocate(ADDRESS_SIZE, 8);
    private final MemorySegment senderSize = arena.allocate(4, 4);
    private final MemorySegment state = Libc.state(arena);

    /// @param datagram at most 4096 octets of it
    /// @param source of a UDP socket
    record Received(Octets datagram, Ipv4 source, int sourcePort) {}

    private LinuxSocket(int file) {
        this.file = file;
    }

    /// Takes what comes to a UDP port by one interface, to whatever address, broadcast too.
    static LinuxSocket udp(String link, int port) throws SystemCallException {
        LinuxSocket socket =
                new LinuxSocket(Libc.socket(Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0));
        try (Arena scratch = Arena.ofConfined()) {
            socket.set(Libc.SO_BROADCAST, 1);
            socket.set(Libc.SO_RCVBUF, BUFFERED);
            Libc.setsockopt(
                    socket.file,
                    Libc.SO_BINDTODEVICE,
                    scratch.allocateFrom(link, StandardCharsets.UTF_8));
            Libc.bind(socket.file, inet(scratch, Ipv4.ANY, port));
            return socket;
        } catch (SystemCallException e) {
            socket.close();
            throw e;
        }
    }

    /// Sends ICMP to wherever routes lead, and takes the answers to its echoes.
    ///
    /// @param filter of [Frames#echoReplyFilter]
    static LinuxSocket icmp(Octets filter) throws SystemCallException {
        LinuxSocket socket =
                new LinuxSocket(
                        Libc.socket(
                                Libc.AF_INET,
                                Libc.SOCK_RAW | Libc.SOCK_CLOEXEC,
                                Libc.IPPROTO_ICMP));
        try {
            socket.set(Libc.SO_RCVBUF, BUFFERED);
            socket.attach(filter);
            return socket;
        } catch (SystemCallException e) {
            socket.close();
            throw e;
        }
    }

    /// Takes and sends what is in the frames of one protocol on one interface.
    ///
    /// @param filter what is taken, as instructions of the classic BPF
    static LinuxSocket packets(int linkIndex, int protocol, Octets filter)
            throws SystemCallException {
        // Without a protocol at first, or it would take frames of all links until it is bound.
        LinuxSocket socket =
                new LinuxSocket(
                        Libc.socket(Libc.AF_PACKET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, 0));
        try (Arena scratch = Arena.ofConfined()) {
            if (!filter.isEmpty()) {
                socket.attach(filter);
            }
            Libc.bind(socket.file, link(scratch, linkIndex, protocol, Octets.EMPTY));
            return socket;
        } catch (SystemCallException e) {
            socket.close();
            throw e;
        }
    }

    int file() {
        return file;
    }

    /// Takes a datagram that is there.
    Received receive() throws SystemCallException {
        int size = Libc.recvfrom(file, buffer, sender, senderSize, state);
        return new Received(
                Octets.of(buffer.asSlice(0, size).toArray(JAVA_BYTE)),
                new Ipv4(sender.get(NET_INT, 4)),
                Short.toUnsignedInt(sender.get(NET_SHORT, 2)));
    }

    void send(byte[] datagram, Ipv4 address, int port) throws SystemCallException {
        try (Arena scratch = Arena.ofConfined()) {
            Libc.sendto(
                    file, scratch.allocateFrom(JAVA_BYTE, datagram), inet(scratch, address, port));
        }
    }

    /// Of a socket for packets: to a card.
    void send(byte[] packet, int linkIndex, int protocol, HardwareAddress to)
            throws SystemCallException {
        try (Arena scratch = Arena.ofConfined()) {
            Libc.sendto(
                    file,
                    scratch.allocateFrom(JAVA_BYTE, packet),
                    link(scratch, linkIndex, protocol, to.octets()));
        }
    }

    @Override
    public void close() {
        Libc.close(file);
        arena.close();
    }

    private void set(int option, int value) throws SystemCallException {
        try (Arena scratch = Arena.ofConfined()) {
            Libc.setsockopt(file, option, scratch.allocateFrom(ValueLayout.JAVA_INT, value));
        }
    }

    private void attach(Octets filter) throws SystemCallException {
        try (Arena scratch = Arena.ofConfined()) {
            MemorySegment program = scratch.allocate(16, 8);
            program.set(ValueLayout.JAVA_SHORT, 0, (short) (filter.size() / 8));
            MemorySegment instructions = scratch.allocate(filter.size(), 8);
            instructions.copyFrom(MemorySegment.ofArray(filter.toArray()));
            program.set(ValueLayout.ADDRESS, 8, instructions);
            Libc.setsockopt(file, Libc.SO_ATTACH_FILTER, program);
        }
    }

    /// struct sockaddr_in
    private static MemorySegment inet(Arena scratch, Ipv4 address, int port) {
        MemorySegment socket = scratch.allocate(16, 8);
        socket.set(ValueLayout.JAVA_SHORT, 0, (short) Libc.AF_INET);
        socket.set(NET_SHORT, 2, (short) port);
        socket.set(NET_INT, 4, address.bits());
        return socket;
    }

    /// struct sockaddr_ll
    private static MemorySegment link(Arena scratch, int index, int protocol, Octets card) {
        MemorySegment socket = scratch.allocate(ADDRESS_SIZE, 8);
        socket.set(ValueLayout.JAVA_SHORT, 0, (short) Libc.AF_PACKET);
        socket.set(NET_SHORT, 2, (short) protocol);
        socket.set(ValueLayout.JAVA_INT, 4, index);
        int size = Math.min(8, card.size());
        socket.set(JAVA_BYTE, 11, (byte) size);
        for (int i = 0; i < size; i++) {
            socket.set(JAVA_BYTE, 12 + i, (byte) card.at(i));
        }
        return socket;
    }
}
