package dev.formwork.boot.dhcp;

import dev.formwork.boot.address.HardwareAddress;
import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.address.Octets;

import org.jspecify.annotations.Nullable;

/// A DHCP packet (RFC 2131, section 2), options decoded and put together.
///
/// @param isReply BOOTREPLY, which servers send; otherwise BOOTREQUEST
/// @param hops relay agents on the way
/// @param transaction what ties a reply to its request
/// @param seconds since the client began, 0 to 65535
/// @param isBroadcast the client cannot take unicast before it has an address
/// @param client the address that the client has already
/// @param yours the address that the client gets
/// @param nextServer where the boot file is
/// @param relay the relay agent's address
/// @param serverName at most 64 characters below 256, none of them NUL
/// @param file at most 128 characters below 256, none of them NUL
public record DhcpPacket(
        boolean isReply,
        int hops,
        int transaction,
        int seconds,
        boolean isBroadcast,
        Ipv4 client,
        Ipv4 yours,
        Ipv4 nextServer,
        Ipv4 relay,
        HardwareAddress hardware,
        String serverName,
        String file,
        DhcpOptions options) {
    static final int SERVER_NAME_SIZE = 64;
    static final int FILE_SIZE = 128;

    public DhcpPacket {
        requireText(serverName, SERVER_NAME_SIZE);
        requireText(file, FILE_SIZE);
        if (hops < 0 || hops > 255 || seconds < 0 || seconds > 0xffff) {
            throw new IllegalArgumentException("hops " + hops + ", seconds " + seconds);
        }
    }

    /// What kind of message it is; null where option 53 is missing or unknown (BOOTP).
    public @Nullable MessageType type() {
        @Nullable Octets type = options.values().get(Option.MESSAGE_TYPE);
        return type == null || type.size() != 1 ? null : MessageType.of(type.at(0));
    }

    /// How large an answer may be, in octets of DHCP: what option 57 says less the headers of IP
    /// and UDP, and never less than every client has to take.
    public int room() {
        int datagram = options.shortNumber(Option.MAX_MESSAGE_SIZE).orElse(576);
        return Math.clamp(datagram, 576, 1500) - 28;
    }

    private static void requireText(String text, int size) {
        if (text.length() > size || text.chars().anyMatch(c -> c == 0 || c > 255)) {
            throw new IllegalArgumentException("no text of at most " + size + " octets");
        }
    }
}
