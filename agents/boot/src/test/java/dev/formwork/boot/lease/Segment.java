package dev.formwork.boot.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.boot.address.Cidr;
import dev.formwork.boot.address.HardwareAddress;
import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.address.Octets;
import dev.formwork.boot.dhcp.DhcpCodec;
import dev.formwork.boot.dhcp.DhcpDecoding;
import dev.formwork.boot.dhcp.DhcpOptions;
import dev.formwork.boot.dhcp.DhcpPacket;
import dev.formwork.boot.dhcp.MessageType;
import dev.formwork.boot.dhcp.Option;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A network with a server on it, and a clock that tests set. Packets go through the codec, as on a
/// wire.
final class Segment {
    static final Ipv4 SERVER = Ipv4.parse("10.0.0.1");
    static final Arrival LINK = new Arrival("eth0", SERVER, 67, Ipv4.ANY, 68);

    final DhcpSettings settings;
    final BootOptions boot;
    final Map<Ipv4, Lease> book = new HashMap<>();
    final List<Observation> observations = new ArrayList<>();
    Instant now = Instant.parse("2026-01-01T00:00:00Z");
    DhcpServer server;

    Segment(DhcpSettings settings, BootOptions boot) {
        this.settings = settings;
        this.boot = boot;
        this.server = new DhcpServer(settings, boot, List.of(), now);
    }

    static Segment of(Subnet... subnets) {
        return new Segment(
                new DhcpSettings(List.of(subnets), Set.of(SERVER), Set.of(), false),
                BootOptions.NONE);
    }

    static Segment probing(Subnet... subnets) {
        return new Segment(
                new DhcpSettings(List.of(subnets), Set.of(SERVER), Set.of(), true),
                BootOptions.NONE);
    }

    static Subnet subnet(String network, String first, String last, Subnet.Reservation... kept) {
        return new Subnet(
                Cidr.parse(network),
                List.of(new Subnet.Range(Ipv4.parse(first), Ipv4.parse(last))),
                List.of(kept),
                List.of(Ipv4.parse("10.0.0.254")),
                List.of(Ipv4.parse("10.0.0.2"), Ipv4.parse("10.0.0.3")),
                "example.org",
                Duration.ofHours(1),
                DhcpOptions.NONE);
    }

    static Subnet.Reservation reservation(String mac, String address) {
        return new Subnet.Reservation(
                ClientKey.of(HardwareAddress.parse(mac)), Ipv4.parse(address), "kept");
    }

    static HardwareAddress mac(int number) {
        return HardwareAddress.ethernet(
                Octets.of(0x52, 0x54, 0, 0, number >>> 8 & 255, number & 255));
    }

    Segment passes(Duration time) {
        now = now.plus(time);
        return this;
    }

    /// The server starts anew with what its book has.
    void restart() {
        server = new DhcpServer(settings, boot, List.copyOf(book.values()), now);
    }

    Step send(DhcpPacket packet, Arrival arrival) {
        byte[] octets = DhcpCodec.encode(packet, 1500);
        DhcpDecoding.Decoded read = (DhcpDecoding.Decoded) DhcpCodec.decode(Octets.of(octets));
        return done(server.received(read.packet(), arrival, now));
    }

    Step send(DhcpPacket packet) {
        return send(packet, LINK);
    }

    Step probed(Probe probe, boolean isUsed) {
        return done(server.probed(probe, isUsed, now));
    }

    private Step done(Step step) {
        for (Lease lease : step.changes()) {
            assertThat(lease.state()).isNotEqualTo(Lease.State.OFFERED);
            book.put(lease.address(), lease);
        }
        observations.addAll(step.observations());
        return step;
    }

    /// Discovers and requests; the address that the client has then.
    Ipv4 lease(int client) {
        Ipv4 offered = only(send(discover(client))).yours();
        DhcpPacket reply = only(send(select(client, offered)));
        assertThat(reply.type()).isEqualTo(MessageType.ACK);
        return reply.yours();
    }

    List<String> codes() {
        return observations.stream().map(Observation::code).toList();
    }

    static DhcpPacket only(Step step) {
        assertThat(step.replies()).hasSize(1);
        return step.replies().getFirst().packet();
    }

    static DhcpPacket discover(int client) {
        return packet(mac(client), MessageType.DISCOVER, DhcpOptions.builder(), Ipv4.ANY);
    }

    static DhcpPacket select(int client, Ipv4 address) {
        return packet(
                mac(client),
                MessageType.REQUEST,
                DhcpOptions.builder()
                        .put(Option.SERVER_ID, SERVER)
                        .put(Option.REQUESTED_ADDRESS, address),
                Ipv4.ANY);
    }

    static DhcpPacket reboot(int client, Ipv4 address) {
        return packet(
                mac(client),
                MessageType.REQUEST,
                DhcpOptions.builder().put(Option.REQUESTED_ADDRESS, address),
                Ipv4.ANY);
    }

    static DhcpPacket renew(int client, Ipv4 address) {
        return packet(mac(client), MessageType.REQUEST, DhcpOptions.builder(), address);
    }

    static DhcpPacket release(int client, Ipv4 address) {
        return packet(mac(client), MessageType.RELEASE, DhcpOptions.builder(), address);
    }

    static DhcpPacket decline(int client, Ipv4 address) {
        return packet(
                mac(client),
                MessageType.DECLINE,
                DhcpOptions.builder().put(Option.REQUESTED_ADDRESS, address),
                Ipv4.ANY);
    }

    static DhcpPacket packet(
            HardwareAddress mac, MessageType type, DhcpOptions.Builder options, Ipv4 client) {
        return new DhcpPacket(
                false,
                0,
                mac.hashCode(),
                0,
                false,
                client,
                Ipv4.ANY,
                Ipv4.ANY,
                Ipv4.ANY,
                mac,
                "",
                "",
                options.put(Option.MESSAGE_TYPE, Octets.of(type.code())).build());
    }

    static DhcpPacket with(DhcpPacket packet, DhcpOptions.Builder options) {
        return relayed(packet, packet.relay(), options);
    }

    static DhcpPacket relayed(DhcpPacket packet, Ipv4 relay, DhcpOptions.Builder options) {
        return new DhcpPacket(
                packet.isReply(),
                packet.hops(),
                packet.transaction(),
                packet.seconds(),
                packet.isBroadcast(),
                packet.client(),
                packet.yours(),
                packet.nextServer(),
                relay,
                packet.hardware(),
                packet.serverName(),
                packet.file(),
                packet.options().toBuilder().putAll(options.build()).build());
    }

    /// The same, from somebody who can be reached by broadcast only, or who says it is a reply.
    static DhcpPacket flagged(DhcpPacket packet, boolean isReply, Ipv4 yours) {
        return new DhcpPacket(
                isReply,
                packet.hops(),
                packet.transaction(),
                packet.seconds(),
                true,
                packet.client(),
                yours,
                packet.nextServer(),
                packet.relay(),
                packet.hardware(),
                packet.serverName(),
                packet.file(),
                packet.options());
    }
}
