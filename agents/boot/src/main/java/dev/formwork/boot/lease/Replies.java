package dev.formwork.boot.lease;

import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.address.Octets;
import dev.formwork.boot.dhcp.DhcpOptions;
import dev.formwork.boot.dhcp.DhcpPacket;
import dev.formwork.boot.dhcp.MessageType;
import dev.formwork.boot.dhcp.Option;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/// Writes the server's replies: fields as table 3 of RFC 2131 has them.
final class Replies {
    /// The suboption of option 82 that names the client's subnet (RFC 3527).
    static final int LINK_SELECTION = 5;

    /// The suboption of option 82 with which a relay agent stands in for the server (RFC 5107).
    private static final int SERVER_ID_OVERRIDE = 11;

    private static final int SERVER_PORT = 67;
    private static final int CLIENT_PORT = 68;

    private final BootOptions boot;

    /// An address for a client.
    ///
    /// @param hostName what it is told to be called; empty where nothing
    record Grant(Subnet subnet, Ipv4 address, String hostName) {}

    Replies(BootOptions boot) {
        this.boot = boot;
    }

    Reply offer(DhcpPacket request, Arrival arrival, Grant grant) {
        return grant(MessageType.OFFER, request, arrival, grant);
    }

    Reply acknowledge(DhcpPacket request, Arrival arrival, Grant grant) {
        return grant(MessageType.ACK, request, arrival, grant);
    }

    Reply inform(DhcpPacket request, Arrival arrival, Subnet subnet) {
        BootOptions.Boot boots = boot.boot(request, arrival);
        DhcpOptions options =
                echoed(MessageType.ACK, request, arrival)
                        .putAll(network(subnet))
                        .putAll(boots.options())
                        .build();
        return reply(request, arrival, Ipv4.ANY, boots, options);
    }

    Reply refuse(DhcpPacket request, Arrival arrival, String reason) {
        DhcpOptions options =
                echoed(MessageType.NAK, request, arrival).put(Option.MESSAGE, reason).build();
        Reply reply = reply(request, arrival, Ipv4.ANY, BootOptions.Boot.NOTHING, options);
        DhcpPacket packet = reply.packet();
        // The client has no address any more: a relay agent has to broadcast it (section 4.3.2).
        DhcpPacket refusal =
                new DhcpPacket(
                        true,
                        0,
                        packet.transaction(),
                        0,
                        packet.isBroadcast() || !packet.relay().isAny(),
                        Ipv4.ANY,
                        Ipv4.ANY,
                        Ipv4.ANY,
                        packet.relay(),
                        packet.hardware(),
                        "",
                        "",
                        packet.options());
        return new Reply(
                refusal,
                packet.relay().isAny() ? new Destination.Everybody() : reply.destination(),
                arrival,
                reply.room());
    }

    private Reply grant(MessageType type, DhcpPacket request, Arrival arrival, Grant grant) {
        BootOptions.Boot boots = boot.boot(request, arrival);
        long seconds = grant.subnet().leaseTime().toSeconds();
        DhcpOptions.Builder options =
                echoed(type, request, arrival)
                        .putAll(network(grant.subnet()))
                        .putInt(Option.LEASE_TIME, (int) seconds)
                        .putInt(Option.RENEWAL_TIME, (int) (seconds / 2))
                        .putInt(Option.REBINDING_TIME, (int) (seconds * 7 / 8));
        if (!grant.hostName().isEmpty()) {
            options.put(Option.HOST_NAME, grant.hostName());
        }
        DhcpOptions all = options.putAll(boots.options()).build();
        return reply(request, arrival, grant.address(), boots, all);
    }

    /// What every reply says: its type, whose it is, and what has to come back unchanged.
    static DhcpOptions.Builder echoed(MessageType type, DhcpPacket request, Arrival arrival) {
        @Nullable Octets override =
                request.options().suboptions(Option.RELAY_AGENT).get(SERVER_ID_OVERRIDE);
        DhcpOptions.Builder options =
                DhcpOptions.builder()
                        .put(Option.MESSAGE_TYPE, Octets.of(type.code()))
                        .put(
                                Option.SERVER_ID,
                                override != null && override.size() == 4
                                        ? override
                                        : arrival.local().octets());
        for (int number : new int[] {Option.CLIENT_ID, Option.RELAY_AGENT, Option.CLIENT_UUID}) {
            request.options().octets(number).ifPresent(value -> options.put(number, value));
        }
        return options;
    }

    private static DhcpOptions network(Subnet subnet) {
        DhcpOptions.Builder options =
                DhcpOptions.builder()
                        .put(Option.SUBNET_MASK, subnet.network().mask())
                        .put(Option.BROADCAST_ADDRESS, subnet.network().broadcast())
                        .put(Option.ROUTERS, subnet.routers())
                        .put(Option.DNS_SERVERS, subnet.nameServers());
        Optional.of(subnet.domain())
                .filter(domain -> !domain.isEmpty())
                .ifPresent(domain -> options.put(Option.DOMAIN_NAME, domain));
        return options.putAll(subnet.options()).build();
    }

    static Reply reply(
            DhcpPacket request,
            Arrival arrival,
            Ipv4 address,
            BootOptions.Boot boots,
            DhcpOptions options) {
        DhcpPacket packet =
                new DhcpPacket(
                        true,
                        0,
                        request.transaction(),
                        0,
                        request.isBroadcast(),
                        request.client(),
                        address,
                        boots.nextServer(),
                        request.relay(),
                        request.hardware(),
                        "",
                        boots.file(),
                        options);
        return new Reply(packet, destination(request, address), arrival, request.room());
    }

    /// RFC 2131, section 4.1.
    private static Destination destination(DhcpPacket request, Ipv4 address) {
        if (!request.relay().isAny()) {
            return new Destination.Host(request.relay(), SERVER_PORT);
        }
        if (!request.client().isAny()) {
            return new Destination.Host(request.client(), CLIENT_PORT);
        }
        if (request.isBroadcast() || address.isAny() || !request.hardware().isCard()) {
            return new Destination.Everybody();
        }
        return new Destination.Card(address, request.hardware());
    }
}
