package dev.formwork.boot.dhcp;

import dev.formwork.boot.address.HardwareAddress;
import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.address.Octets;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/// Octets to packets and back: RFC 2131 and 2132, with option overload and long options (RFC 3396).
///
/// Decoding is total: any octets give a packet or a refusal. Encoding what was decoded, and
/// decoding that, gives the same packet.
public final class DhcpCodec {
    private static final int FIXED = 236;
    private static final int OPTIONS = FIXED + 4;
    private static final int MAGIC = 0x63825363;
    private static final int SERVER_NAME_AT = 44;
    private static final int FILE_AT = 108;

    /// BOOTP's size: some clients and relay agents drop anything shorter.
    private static final int LEAST = 300;

    private static final int OVERLOAD_FILE = 1;
    private static final int OVERLOAD_SERVER_NAME = 2;

    private DhcpCodec() {}

    /// What the octets of a datagram mean.
    public static DhcpDecoding decode(Octets octets) {
        if (octets.size() < OPTIONS) {
            return refused("cut short at " + octets.size() + " octets");
        }
        if (octets.intAt(FIXED) != MAGIC) {
            return refused("no magic cookie: BOOTP without options");
        }
        int operation = octets.at(0);
        if (operation != 1 && operation != 2) {
            return refused("operation " + operation);
        }
        int addressSize = octets.at(2);
        if (addressSize > 16) {
            return refused("a hardware address of " + addressSize + " octets");
        }

        TreeMap<Integer, Octets> values = new TreeMap<>();
        String problem = collect(octets, OPTIONS, octets.size(), values);
        Octets overload = values.getOrDefault(Option.OVERLOAD, Octets.of(0));
        int overloaded = overload.size() == 1 ? overload.at(0) : -1;
        if (problem.isEmpty() && (overloaded < 0 || overloaded > 3)) {
            problem = "option overload " + overload;
        }
        boolean inFile = problem.isEmpty() && (overloaded & OVERLOAD_FILE) != 0;
        boolean inServerName = problem.isEmpty() && (overloaded & OVERLOAD_SERVER_NAME) != 0;
        if (inFile) {
            problem = collect(octets, FILE_AT, FILE_AT + DhcpPacket.FILE_SIZE, values);
        }
        if (problem.isEmpty() && inServerName) {
            problem =
                    collect(
                            octets,
                            SERVER_NAME_AT,
                            SERVER_NAME_AT + DhcpPacket.SERVER_NAME_SIZE,
                            values);
        }
        if (!problem.isEmpty()) {
            return refused(problem);
        }
        values.remove(Option.OVERLOAD);
        return new DhcpDecoding.Decoded(
                new DhcpPacket(
                        operation == 2,
                        octets.at(3),
                        octets.intAt(4),
                        octets.shortAt(8),
                        (octets.at(10) & 0x80) != 0,
                        Ipv4.of(octets, 12),
                        Ipv4.of(octets, 16),
                        Ipv4.of(octets, 20),
                        Ipv4.of(octets, 24),
                        new HardwareAddress(octets.at(1), octets.slice(28, 28 + addressSize)),
                        inServerName ? "" : octets.slice(SERVER_NAME_AT, FILE_AT).text(),
                        inFile ? "" : octets.slice(FILE_AT, FIXED).text(),
                        new DhcpOptions(values)));
    }

    /// The octets of a packet. What does not fit behind the fixed part goes into the fields for
    /// server name and file where these are empty.
    ///
    /// @param room how many octets there may be at most
    /// @throws ProblemException `dhcp.too-large`
    public static byte[] encode(DhcpPacket packet, int room) {
        boolean fileIsFree = packet.file().isEmpty();
        boolean serverNameIsFree = packet.serverName().isEmpty();
        int wanted = 0;
        for (Octets value : packet.options().values().values()) {
            wanted += wireSize(value);
        }

        byte[] octets = new byte[Math.max(LEAST, room)];
        // One octet for the end, three for the overload that tells where to read on.
        boolean overloads = wanted > room - OPTIONS - 1;
        Area main = new Area(octets, OPTIONS, room - 1 - (overloads ? 3 : 0));
        Area file = new Area(octets, FILE_AT, overloads && fileIsFree ? FIXED - 1 : FILE_AT);
        Area serverName =
                new Area(
                        octets,
                        SERVER_NAME_AT,
                        overloads && serverNameIsFree ? FILE_AT - 1 : SERVER_NAME_AT);
        for (int number : packet.options().wireOrder()) {
            Octets value = packet.options().octets(number).orElseThrow();
            if (!main.put(number, value)
                    && !file.put(number, value)
                    && !serverName.put(number, value)) {
                throw ProblemException.of(
                        "dhcp.too-large",
                        "option "
                                + number
                                + " of "
                                + value.size()
                                + " octets does not fit into "
                                + room,
                        "shorten the options of the subnet, or the boot file's address");
            }
        }
        int overload =
                (file.isUsed() ? OVERLOAD_FILE : 0)
                        + (serverName.isUsed() ? OVERLOAD_SERVER_NAME : 0);
        if (overload != 0) {
            main.limit += 3;
            main.put(Option.OVERLOAD, Octets.of(overload));
            file.endIfUsed();
            serverName.endIfUsed();
        }
        main.end();

        octets[0] = (byte) (packet.isReply() ? 2 : 1);
        octets[1] = (byte) packet.hardware().type();
        octets[2] = (byte) packet.hardware().octets().size();
        octets[3] = (byte) packet.hops();
        Octets.ofInt(packet.transaction()).copyTo(octets, 4);
        Octets.ofShort(packet.seconds()).copyTo(octets, 8);
        octets[10] = (byte) (packet.isBroadcast() ? 0x80 : 0);
        packet.client().octets().copyTo(octets, 12);
        packet.yours().octets().copyTo(octets, 16);
        packet.nextServer().octets().copyTo(octets, 20);
        packet.relay().octets().copyTo(octets, 24);
        packet.hardware().octets().copyTo(octets, 28);
        Octets.ofText(packet.serverName()).copyTo(octets, SERVER_NAME_AT);
        Octets.ofText(packet.file()).copyTo(octets, FILE_AT);
        Octets.ofInt(MAGIC).copyTo(octets, FIXED);
        return Arrays.copyOf(octets, Math.max(LEAST, main.at));
    }

    /// Adds the options of a part to `values`; says what is wrong with it, or nothing.
    private static String collect(Octets octets, int from, int to, Map<Integer, Octets> values) {
        int at = from;
        while (at < to) {
            int number = octets.at(at++);
            if (number == Option.END) {
                return "";
            }
            if (number == Option.PAD) {
                continue;
            }
            if (at == to || at + 1 + octets.at(at) > to) {
                return "option " + number + " is cut short";
            }
            int end = at + 1 + octets.at(at);
            values.merge(number, octets.slice(at + 1, end), Octets::plus);
            at = end;
        }
        // RFC 2131 wants an end; too many clients forget it.
        return "";
    }

    private static int wireSize(Octets value) {
        return value.size() + 2 * Math.max(1, Math.ceilDiv(value.size(), 255));
    }

    private static DhcpDecoding refused(String detail) {
        return new DhcpDecoding.Refused(Problem.of("dhcp.malformed", detail));
    }

    /// A part of the packet that takes options.
    private static final class Area {
        private final byte[] octets;
        private final int from;
        private int at;

        /// Where it ends, room for the end option not counted.
        private int limit;

        Area(byte[] octets, int from, int limit) {
            this.octets = octets;
            this.from = from;
            this.at = from;
            this.limit = limit;
        }

        boolean put(int number, Octets value) {
            if (at + wireSize(value) > limit) {
                return false;
            }
            int sent = 0;
            do {
                int part = Math.min(255, value.size() - sent);
                octets[at] = (byte) number;
                octets[at + 1] = (byte) part;
                value.slice(sent, sent + part).copyTo(octets, at + 2);
                at += 2 + part;
                sent += part;
            } while (sent < value.size());
            return true;
        }

        boolean isUsed() {
            return at > from;
        }

        void end() {
            octets[at++] = (byte) Option.END;
        }

        void endIfUsed() {
            if (isUsed()) {
                end();
            }
        }
    }
}
