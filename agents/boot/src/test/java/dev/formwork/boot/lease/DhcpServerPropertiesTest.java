package dev.formwork.boot.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.boot.address.HardwareAddress;
import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.address.Octets;
import dev.formwork.boot.dhcp.DhcpCodec;
import dev.formwork.boot.dhcp.DhcpDecoding;
import dev.formwork.boot.dhcp.DhcpOptions;
import dev.formwork.boot.dhcp.DhcpPacket;
import dev.formwork.boot.dhcp.MessageType;
import dev.formwork.boot.dhcp.Option;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// What holds whatever clients send.
final class DhcpServerPropertiesTest {
    private static final Ipv4 BASE = Ipv4.parse("10.0.0.100");

    /// A few clients, fewer addresses, and everything that may happen, from a seed.
    @Property(tries = 300)
    void neverGivesAnAddressToTwo(@ForAll long seed) {
        Random random = new Random(seed);
        Segment segment =
                random.nextBoolean()
                        ? Segment.of(Segment.subnet("10.0.0.0/24", "10.0.0.100", "10.0.0.103"))
                        : Segment.probing(
                                Segment.subnet("10.0.0.0/24", "10.0.0.100", "10.0.0.103"));
        Map<Ipv4, Lease> granted = new HashMap<>();
        Deque<Probe> probes = new ArrayDeque<>();
        for (int i = 0; i < 300; i++) {
            int client = random.nextInt(6);
            Ipv4 address = BASE.plus(random.nextInt(5));
            Step step =
                    switch (random.nextInt(9)) {
                        case 0, 1 -> segment.send(Segment.discover(client));
                        case 2, 3 -> segment.send(Segment.select(client, address));
                        case 4 -> segment.send(Segment.renew(client, address));
                        case 5 -> segment.send(Segment.reboot(client, address));
                        case 6 -> segment.send(Segment.release(client, address));
                        case 7 ->
                                random.nextInt(10) == 0
                                        ? segment.send(Segment.decline(client, address))
                                        : segment.passes(Duration.ofMinutes(random.nextInt(20)))
                                                .send(Segment.discover(client));
                        default ->
                                probes.isEmpty()
                                        ? new Step(List.of(), List.of(), List.of(), List.of())
                                        : segment.probed(
                                                probes.removeFirst(), random.nextInt(8) == 0);
                    };
            probes.addAll(step.probes());
            if (random.nextInt(50) == 0) {
                segment.restart();
                probes.clear();
            }
            for (Lease lease : step.changes()) {
                Lease before = granted.get(lease.address());
                if (lease.state() == Lease.State.BOUND
                        && before != null
                        && !before.client().equals(lease.client())) {
                    assertThat(before.isTaken(segment.now)).as("%s", lease).isFalse();
                }
                granted.put(lease.address(), lease);
            }
            for (Reply reply : step.replies()) {
                assertReplyHolds(reply, step, segment);
            }
        }
    }

    private static void assertReplyHolds(Reply reply, Step step, Segment segment) {
        Ipv4 yours = reply.packet().yours();
        if (reply.packet().type() == MessageType.NAK) {
            assertThat(yours).isEqualTo(Ipv4.ANY);
            return;
        }
        assertThat(yours).isBetween(BASE, BASE.plus(3));
        if (reply.packet().type() == MessageType.ACK) {
            assertThat(step.changes())
                    .as("an acknowledged lease is committed")
                    .anySatisfy(lease -> {
                        assertThat(lease.address()).isEqualTo(yours);
                        assertThat(lease.isBound(segment.now)).isTrue();
                        assertThat(lease.client())
                                .isEqualTo(ClientKey.of(reply.packet().hardware()));
                    });
        }
    }

    @Property(tries = 1000)
    void survivesAnyPacket(
            @ForAll int type,
            @ForAll @Size(max = 20) byte[] hardware,
            @ForAll int client,
            @ForAll @Size(max = 40) Map<Integer, byte[]> raw,
            @ForAll boolean isReply) {
        DhcpOptions.Builder options = DhcpOptions.builder();
        raw.forEach((number, value) -> {
            int option = 1 + Math.floorMod(number, 254);
            if (option != Option.OVERLOAD) {
                options.put(option, Octets.of(value));
            }
        });
        options.put(Option.MESSAGE_TYPE, Octets.of(Math.floorMod(type, 10)));
        DhcpPacket packet =
                new DhcpPacket(
                        isReply,
                        0,
                        type,
                        0,
                        type % 2 == 0,
                        new Ipv4(client),
                        new Ipv4(client),
                        Ipv4.ANY,
                        client % 3 == 0 ? new Ipv4(client) : Ipv4.ANY,
                        new HardwareAddress(
                                1, Octets.copyOf(hardware, 0, Math.min(16, hardware.length))),
                        "",
                        "",
                        options.build());

        Segment segment = Segment.of(Segment.subnet("10.0.0.0/24", "10.0.0.100", "10.0.0.103"));

        assertThat(segment.server.received(packet, Segment.LINK, segment.now)).isNotNull();
    }

    /// Packets as they come, with octets changed: what can be read of them may hold one address for
    /// each client that they name, for as long as an offer or its lease lasts, and then nothing.
    @Property(tries = 200)
    void holdsNoMoreThanOneAddressForEachClientAndGivesThemBack(@ForAll long seed) {
        Random random = new Random(seed);
        int addresses = 16;
        Segment segment = Segment.of(Segment.subnet("10.0.0.0/24", "10.0.0.100", "10.0.0.115"));
        Set<ClientKey> clients = new HashSet<>();
        Map<Ipv4, Instant> declined = new HashMap<>();
        for (int i = 0; i < 200; i++) {
            Ipv4 address = BASE.plus(random.nextInt(addresses + 2));
            int client = random.nextInt(3);
            DhcpPacket packet =
                    switch (random.nextInt(6)) {
                        case 0, 1 -> Segment.discover(client);
                        case 2 -> Segment.select(client, address);
                        case 3 -> Segment.renew(client, address);
                        case 4 -> Segment.release(client, address);
                        default -> Segment.decline(client, address);
                    };
            byte[] octets = DhcpCodec.encode(packet, 1500);
            for (int changes = random.nextInt(4); changes > 0; changes--) {
                // Half of them among the fields that name a client and its addresses.
                int at = random.nextInt(random.nextBoolean() ? 44 : octets.length);
                octets[at] = (byte) random.nextInt();
            }
            int length = random.nextInt(9) == 0 ? random.nextInt(octets.length) : octets.length;
            if (!(DhcpCodec.decode(Octets.copyOf(octets, 0, length))
                    instanceof DhcpDecoding.Decoded(DhcpPacket read))) {
                continue;
            }
            if (!read.isReply()) {
                ClientKey.of(read).ifPresent(clients::add);
            }
            Step step = segment.server.received(read, Segment.LINK, segment.now);
            for (Lease lease : step.changes()) {
                if (lease.state() == Lease.State.DECLINED) {
                    declined.put(lease.address(), lease.until());
                }
            }
            assertThat(segment.server.taken(segment.now))
                    .isLessThanOrEqualTo(Math.min(addresses, clients.size() + declined.size()));
        }
        assertThat(clients).isNotEmpty();
        assertThat(segment.server.size()).isLessThanOrEqualTo(addresses);

        segment.passes(Duration.ofHours(1));

        assertThat(segment.server.taken(segment.now)).isZero();
        assertAllCanBeLeased(segment, addresses);
    }

    @Test
    void givesBackWhatAFloodOfClientsWasOffered() {
        int addresses = 1024;
        Segment segment = Segment.of(Segment.subnet("10.0.0.0/16", "10.0.1.0", "10.0.4.255"));
        for (int client = 0; client < 20_000; client++) {
            segment.server.received(Segment.discover(client), Segment.LINK, segment.now);
        }
        assertThat(segment.server.size()).isEqualTo(addresses);
        assertThat(segment.server.taken(segment.now)).isEqualTo(addresses);

        segment.passes(DhcpServer.OFFER);

        assertThat(segment.server.taken(segment.now)).isZero();
        assertAllCanBeLeased(segment, addresses);
        assertThat(segment.server.size()).isEqualTo(addresses);
    }

    /// By as many clients that nobody has seen.
    private static void assertAllCanBeLeased(Segment segment, int addresses) {
        Set<Ipv4> leased = new HashSet<>();
        for (int client = 0; client < addresses; client++) {
            leased.add(segment.lease(30_000 + client));
        }
        assertThat(leased).hasSize(addresses);
    }

    @Test
    void saysEverythingThatIsWrongWithSettings() {
        Subnet wrong =
                new Subnet(
                        dev.formwork.boot.address.Cidr.parse("10.0.0.0/24"),
                        List.of(
                                new Subnet.Range(BASE, BASE.plus(10)),
                                new Subnet.Range(BASE.plus(5), BASE.plus(20)),
                                new Subnet.Range(BASE.plus(30), BASE.plus(29)),
                                new Subnet.Range(BASE.plus(40), Ipv4.parse("10.0.0.255"))),
                        List.of(
                                Segment.reservation("52:54:00:00:00:01", "10.1.0.1"),
                                Segment.reservation("52:54:00:00:00:01", "10.0.0.9"),
                                Segment.reservation("52:54:00:00:00:02", "10.0.0.9")),
                        List.of(),
                        List.of(),
                        "",
                        Duration.ofSeconds(59),
                        DhcpOptions.NONE);
        Subnet same = Segment.subnet("10.0.0.0/16", "10.0.9.1", "10.0.9.2");

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> new DhcpSettings(List.of(wrong, same), Set.of(), Set.of(), true))
                .satisfies(e -> {
                    assertThat(e.problems())
                            .extracting(Problem::code)
                            .containsOnly("dhcp.bad-subnet");
                    assertThat(e.getMessage())
                            .contains(
                                    "less than a minute",
                                    "10.0.0.100-10.0.0.110 and 10.0.0.105-10.0.0.120 overlap",
                                    "range 10.0.0.130-10.0.0.129",
                                    "range 10.0.0.140-10.0.0.255",
                                    "10.1.0.1 is reserved, but no host",
                                    "has two reservations",
                                    "10.0.0.9 is reserved twice",
                                    "it overlaps 10.0.0.0/24");
                });
    }
}
