package dev.formwork.boot.lease;

import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.dhcp.DhcpOptions;
import dev.formwork.boot.dhcp.DhcpPacket;
import dev.formwork.boot.dhcp.MessageType;

import java.util.Optional;

/// Tells clients what to boot where another server gives them their addresses (PXE specification
/// 2.1, section 2.2.3): on port 67 beside that server's offer, and on port 4011.
public final class ProxyDhcp {
    public static final int PORT = 4011;

    private final BootOptions boot;

    public ProxyDhcp(BootOptions boot) {
        this.boot = boot;
    }

    /// The reply to a packet, if it is for us.
    public Optional<Reply> received(DhcpPacket packet, Arrival arrival) {
        boolean isDirect = arrival.localPort() == PORT;
        MessageType awaited = isDirect ? MessageType.REQUEST : MessageType.DISCOVER;
        if (packet.isReply() || packet.type() != awaited) {
            return Optional.empty();
        }
        BootOptions.Boot boots = boot.boot(packet, arrival);
        if (boots.isNothing()) {
            return Optional.empty();
        }
        DhcpOptions options =
                Replies.echoed(isDirect ? MessageType.ACK : MessageType.OFFER, packet, arrival)
                        .putAll(boots.options())
                        .build();
        Reply reply = Replies.reply(packet, arrival, Ipv4.ANY, boots, options);
        if (isDirect && packet.relay().isAny() && !arrival.source().isAny()) {
            return Optional.of(
                    new Reply(
                            reply.packet(),
                            new Destination.Host(arrival.source(), arrival.sourcePort()),
                            arrival,
                            reply.room()));
        }
        return Optional.of(reply);
    }
}
