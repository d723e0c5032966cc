package dev.formwork.boot.net;

import dev.formwork.boot.address.HardwareAddress;
import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.address.Octets;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/// Packets below UDP: IPv4 (RFC 791) around UDP (RFC 768) and ICMP (RFC 792), and ARP (RFC 826).
/// Reading is total.
final class Frames {
    static final int IPV4 = 0x0800;
    static final int ARP = 0x0806;

    private static final int IP_HEADER = 20;
    private static final int UDP_HEADER = 8;
    private static final int UDP = 17;
    private static final int ICMP_HEADER = 8;
    private static final int ECHO_REPLY = 0;
    private static final int ECHO = 8;
    private static final int ARP_SIZE = 28;

    private Frames() {}

    /// Where a UDP packet comes from and goes to.
    record Ends(Ipv4 from, int fromPort, Ipv4 to, int toPort) {}

    record Datagram(Ends ends, Octets content) {}

    /// Who says in an ARP packet that an address is its own.
    record Claim(HardwareAddress card, Ipv4 address) {}

    static byte[] udp(Ends ends, byte[] content) {
        int length = UDP_HEADER + content.length;
        ByteBuffer packet = ByteBuffer.allocate(IP_HEADER + length);
        packet.put((byte) 0x45).put((byte) 0).putShort((short) packet.capacity());
        packet.putShort((short) 0).putShort((short) 0x4000).put((byte) 64).put((byte) UDP);
        packet.putShort((short) 0).putInt(ends.from().bits()).putInt(ends.to().bits());
        packet.putShort((short) ends.fromPort()).putShort((short) ends.toPort());
        packet.putShort((short) length).putShort((short) 0).put(content);
        packet.putShort(10, (short) checksum(packet, 0, IP_HEADER, 0));
        // The sum covers both addresses, the protocol and the length (the "pseudo header").
        int sum = checksum(packet, 12, packet.capacity(), UDP + length);
        packet.putShort(IP_HEADER + 6, (short) (sum == 0 ? 0xffff : sum));
        return packet.array();
    }

    /// What a packet holds, where it is a whole UDP datagram.
    static Optional<Datagram> readUdp(Octets octets) {
        ByteBuffer packet = ByteBuffer.wrap(octets.toArray());
        if (octets.size() < IP_HEADER) {
            return Optional.empty();
        }
        int header = (octets.at(0) & 0xf) * 4;
        int total = Short.toUnsignedInt(packet.getShort(2));
        boolean isWhole =
                octets.at(0) >>> 4 == 4
                        && header >= IP_HEADER
                        && octets.at(9) == UDP
                        && (packet.getShort(6) & 0x3fff) == 0
                        && total <= octets.size()
                        && total >= header + UDP_HEADER;
        if (!isWhole) {
            return Optional.empty();
        }
        int length = Short.toUnsignedInt(packet.getShort(header + 4));
        if (length < UDP_HEADER || header + length > total) {
            return Optional.empty();
        }
        return Optional.of(
                new Datagram(
                        new Ends(
                                new Ipv4(packet.getInt(12)),
                                Short.toUnsignedInt(packet.getShort(header)),
                                new Ipv4(packet.getInt(16)),
                                Short.toUnsignedInt(packet.getShort(header + 2))),
                        octets.slice(header + UDP_HEADER, header + length)));
    }

    /// Asks who has an address, without saying that we have one (RFC 5227).
    static byte[] arpProbe(HardwareAddress ours, Ipv4 address) {
        ByteBuffer packet = ByteBuffer.allocate(ARP_SIZE);
        packet.putShort((short) 1).putShort((short) IPV4).put((byte) 6).put((byte) 4);
        packet.putShort((short) 1).put(ours.octets().toArray()).putInt(0);
        packet.put(new byte[6]).putInt(address.bits());
        return packet.array();
    }

    static Optional<Claim> readArp(Octets octets) {
        ByteBuffer packet = ByteBuffer.wrap(octets.toArray());
        if (octets.size() < ARP_SIZE
                || packet.getShort(0) != 1
                || packet.getShort(2) != IPV4
                || octets.at(4) != 6
                || octets.at(5) != 4
                || packet.getInt(14) == 0) {
            return Optional.empty();
        }
        return Optional.of(
                new Claim(
                        HardwareAddress.ethernet(octets.slice(8, 14)),
                        new Ipv4(packet.getInt(14))));
    }

    /// Asks a host to answer: ICMP without the header of IP, which the kernel writes.
    static byte[] echo(int identifier) {
        ByteBuffer message = ByteBuffer.allocate(ICMP_HEADER);
        message.put((byte) ECHO).put((byte) 0).putShort((short) 0);
        message.putShort((short) identifier).putShort((short) 1);
        message.putShort(2, (short) checksum(message, 0, ICMP_HEADER, 0));
        return message.array();
    }

    /// Who answers to an echo of ours, where a packet, with its header of IP, is such an answer.
    static Optional<Ipv4> readEchoReply(Octets octets, int identifier) {
        if (octets.size() < IP_HEADER) {
            return Optional.empty();
        }
        int header = (octets.at(0) & 0xf) * 4;
        boolean isReply =
                octets.at(0) >>> 4 == 4
                        && header >= IP_HEADER
                        && octets.size() >= header + ICMP_HEADER
                        && octets.at(header) == ECHO_REPLY
                        && octets.shortAt(header + 4) == identifier;
        return isReply ? Optional.of(Ipv4.of(octets, 12)) : Optional.empty();
    }

    /// Lets pass, of ICMP with its header of IP, answers to our echoes; a program as [#udpFilter].
    static Octets echoReplyFilter(int identifier) {
        ByteBuffer program = ByteBuffer.allocate(7 * 8).order(ByteOrder.nativeOrder());
        instruct(program, 0xb1, 0, 0, 0); // Behind the header
        instruct(program, 0x50, 0, 0, 0); // the type
        instruct(program, 0x15, 0, 2, ECHO_REPLY);
        instruct(program, 0x48, 0, 0, 4); // and the identifier.
        instruct(program, 0x15, 1, 0, identifier);
        instruct(program, 0x06, 0, 0, 0);
        instruct(program, 0x06, 0, 0, 0xffff);
        return Octets.of(program.array());
    }

    /// Lets pass, of IPv4 packets, whole UDP ones from one port to another: a program for the
    /// kernel's classic BPF (linux/filter.h: code, jump if true, jump if false, operand).
    static Octets udpFilter(int fromPort, int toPort) {
        ByteBuffer program = ByteBuffer.allocate(10 * 8).order(ByteOrder.nativeOrder());
        instruct(program, 0x30, 0, 0, 9); // The protocol,
        instruct(program, 0x15, 0, 7, UDP);
        instruct(program, 0x28, 0, 0, 6); // no later fragment,
        instruct(program, 0x45, 5, 0, 0x1fff);
        instruct(program, 0xb1, 0, 0, 0); // and behind the header
        instruct(program, 0x48, 0, 0, 0); // the one port
        instruct(program, 0x15, 0, 2, fromPort);
        instruct(program, 0x48, 0, 0, 2); // and the other.
        instruct(program, 0x15, 1, 0, toPort);
        instruct(program, 0x06, 0, 0, 0);
        ByteBuffer whole = ByteBuffer.allocate(11 * 8).order(ByteOrder.nativeOrder());
        whole.put(program.flip());
        instruct(whole, 0x06, 0, 0, 0xffff);
        return Octets.of(whole.array());
    }

    private static void instruct(ByteBuffer program, int code, int yes, int no, int operand) {
        program.putShort((short) code).put((byte) yes).put((byte) no).putInt(operand);
    }

    private static int checksum(ByteBuffer packet, int from, int to, int start) {
        int sum = start;
        for (int at = from; at < to; at += 2) {
            int high = (packet.get(at) & 0xff) << 8;
            sum += at + 1 < to ? high | (packet.get(at + 1) & 0xff) : high;
        }
        while (sum >>> 16 != 0) {
            sum = (sum & 0xffff) + (sum >>> 16);
        }
        return ~sum & 0xffff;
    }
}
