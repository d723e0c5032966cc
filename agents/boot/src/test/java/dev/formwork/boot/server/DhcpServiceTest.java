package dev.formwork.boot.server;

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
import dev.formwork.boot.lease.Arrival;
import dev.formwork.boot.lease.BootOptions;
import dev.formwork.boot.lease.Destination;
import dev.formwork.boot.lease.DhcpServer;
import dev.formwork.boot.lease.DhcpSettings;
import dev.formwork.boot.lease.Lease;
import dev.formwork.boot.lease.LeaseBook;
import dev.formwork.boot.lease.LeaseLine;
import dev.formwork.boot.lease.Observation;
import dev.formwork.boot.lease.Probe;
import dev.formwork.boot.lease.ProxyDhcp;
import dev.formwork.boot.lease.Subnet;
import dev.formwork.boot.pxe.NetworkBoot;
import dev.formwork.boot.pxe.Platform;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

final class DhcpServiceTest {
    private static final Ipv4 SERVER = Ipv4.parse("10.0.0.1");
    private static final Arrival LINK = new Arrival("eth0", SERVER, 67, Ipv4.ANY, 68);

    private final HeldBook book = new HeldBook();
    private final RecordingWire wire = new RecordingWire();
    private final BlockingQueue<Observation> observations = new LinkedBlockingQueue<>();
    private DhcpService service = service(true, Optional.empty());

    @AfterEach
    void close() {
        service.close();
    }

    @Test
    void acknowledgesOnlyWhatIsDurable() throws InterruptedException {
        send(1, MessageType.DISCOVER, DhcpOptions.builder());
        Probe probe = next(wire.probes).probe();
        wire.answer(probe, false);
        DhcpPacket offer = next(wire.sent);
        assertThat(offer.type()).isEqualTo(MessageType.OFFER);
        send(1, MessageType.REQUEST, request(offer));
        Commit commit = next(book.commits);
        assertThat(wire.sent).as("before it is durable").isEmpty();

        commit.done().complete(null);

        assertThat(next(wire.sent).type()).isEqualTo(MessageType.ACK);
        assertThat(commit.leases()).extracting(Lease::address).containsExactly(offer.yours());
    }

    @Test
    void doesNotAcknowledgeWhatCouldNotBeKept() throws InterruptedException {
        send(1, MessageType.DISCOVER, DhcpOptions.builder());
        wire.answer(next(wire.probes).probe(), false);
        DhcpPacket offer = next(wire.sent);
        send(1, MessageType.REQUEST, request(offer));
        next(book.commits).done().completeExceptionally(new IllegalStateException("full"));

        send(1, MessageType.REQUEST, request(offer));
        next(book.commits).done().complete(null);

        assertThat(next(wire.sent).type()).isEqualTo(MessageType.ACK);
        assertThat(wire.sent).isEmpty();
    }

    @Test
    void commitsTogetherWhatCameTogether() throws InterruptedException {
        service.close();
        service = service(false, Optional.empty());
        for (int i = 0; i < 50; i++) {
            send(
                    i,
                    MessageType.REQUEST,
                    DhcpOptions.builder()
                            .put(Option.SERVER_ID, SERVER)
                            .put(Option.REQUESTED_ADDRESS, SERVER.plus(50 + i)));
        }
        int leases = 0;
        while (leases < 50) {
            Commit commit = next(book.commits);
            leases += commit.leases().size();
            commit.done().complete(null);
        }
        for (int i = 0; i < 50; i++) {
            assertThat(next(wire.sent).type()).isEqualTo(MessageType.ACK);
        }
    }

    @Test
    void survivesNoise() throws InterruptedException {
        Random random = new Random(4);
        for (int size = 0; size < 600; size++) {
            service.received(Octets.of(new byte[size]), LINK);
            byte[] octets = new byte[size];
            random.nextBytes(octets);
            service.received(Octets.of(octets), LINK);
        }

        send(1, MessageType.DISCOVER, DhcpOptions.builder());

        assertThat(next(wire.probes).probe().address()).hasToString("10.0.0.50");
        assertThat(book.commits).isEmpty();
    }

    /// Packets of one client, cut short and with bits that fell over, and firmware's texts that are
    /// none: that client has one address at most, nothing is kept, and the next is served.
    @Test
    void survivesRealPacketsThatWereDamaged() throws InterruptedException {
        Random random = new Random(7);
        byte[] noise = new byte[64];
        for (int i = 0; i < 4000; i++) {
            random.nextBytes(noise);
            DhcpOptions.Builder options =
                    DhcpOptions.builder()
                            .put(Option.VENDOR_CLASS, Octets.of(concat("PXEClient:Arch:", noise)))
                            .put(Option.HOST_NAME, Octets.of(noise))
                            .put(Option.CLIENT_UUID, Octets.of(noise))
                            .put(Option.IPXE, Octets.of(noise));
            byte[] octets = bytes(packet(1, MessageType.DISCOVER, options));
            int flips = random.nextInt(9);
            for (int flip = 0; flip < flips; flip++) {
                int at = random.nextInt(octets.length);
                // Another hardware address is another client, and rightly has an address too.
                if (at != 1 && at != 2 && (at < 28 || at >= 44)) {
                    octets[at] ^= (byte) (1 << random.nextInt(8));
                }
            }
            int length = random.nextBoolean() ? octets.length : random.nextInt(octets.length);
            service.received(Octets.copyOf(octets, 0, length), LINK);
        }

        send(2, MessageType.DISCOVER, DhcpOptions.builder());
        Probe probe = next(wire.probes).probe();
        assertThat(probe.address()).as("of the first").hasToString("10.0.0.50");
        while (probe.address().equals(Ipv4.parse("10.0.0.50"))) {
            probe = next(wire.probes).probe();
        }
        assertThat(probe.address()).hasToString("10.0.0.51");
        assertThat(book.commits).isEmpty();
        wire.sent.clear();
        wire.answer(probe, false);
        DhcpPacket offer = next(wire.sent);
        send(2, MessageType.REQUEST, request(offer));
        Commit commit = next(book.commits);
        assertThat(commit.leases()).extracting(Lease::address).containsExactly(offer.yours());
        commit.done().complete(null);
        assertThat(next(wire.sent).type()).isEqualTo(MessageType.ACK);
    }

    private static byte[] concat(String text, byte[] more) {
        byte[] all = Arrays.copyOf(bytes(Octets.ofText(text)), text.length() + more.length);
        System.arraycopy(more, 0, all, text.length(), more.length);
        return all;
    }

    private static byte[] bytes(Octets octets) {
        byte[] bytes = new byte[octets.size()];
        octets.copyTo(bytes, 0);
        return bytes;
    }

    /// What firmware and systems call themselves is in no line that people read, and in no file as
    /// it came.
    @Test
    void hostileTextOfAClientGoesNowhereUnencoded() throws InterruptedException {
        service.close();
        BootOptions boot = new NetworkBoot(Map.of(Platform.BIOS, "x"), 80, "/boot.ipxe");
        service = service(false, Optional.empty(), boot);
        String hostile = "\u001b[2J\n'; reboot || ${x} \u009b1m";

        send(
                1,
                MessageType.DISCOVER,
                DhcpOptions.builder()
                        .put(Option.VENDOR_CLASS, "PXEClient:Arch:00011:" + hostile)
                        .put(Option.USER_CLASS, hostile)
                        .put(Option.HOST_NAME, hostile));
        Observation seen = next(observations);
        DhcpPacket offer = next(wire.sent);
        send(1, MessageType.REQUEST, request(offer).put(Option.HOST_NAME, hostile));
        Lease lease = next(book.commits).leases().getFirst();

        assertThat(seen.code()).isEqualTo("boot.no-architecture");
        assertThat(seen.subject() + seen.detail())
                .doesNotContainPattern("[^ -~]")
                .doesNotContain("reboot");
        assertThat(offer.options().text(Option.HOST_NAME)).isEmpty();
        assertThat(offer.file() + offer.serverName()).doesNotContain("reboot");
        assertThat(lease.hostName()).isEqualTo(hostile);
        assertThat(LeaseLine.write(lease)).matches("[ -~]+").doesNotContain("reboot");
        assertThat(LeaseLine.read(LeaseLine.write(lease))).contains(lease);
    }

    @Test
    void tellsWhatItSees() throws InterruptedException {
        send(
                1,
                MessageType.REQUEST,
                DhcpOptions.builder()
                        .put(Option.SERVER_ID, Ipv4.parse("10.0.0.9"))
                        .put(Option.REQUESTED_ADDRESS, Ipv4.parse("10.0.0.77")));

        assertThat(next(observations).code()).isEqualTo("dhcp.rogue-server");
    }

    @Test
    void isProxyWhereItHasNoSubnetAndServerWhereItHas() throws InterruptedException {
        service.close();
        BootOptions boot =
                (request, arrival) -> new BootOptions.Boot(SERVER, "x", DhcpOptions.NONE);
        service = service(false, Optional.of(new ProxyDhcp(boot)));

        send(1, MessageType.DISCOVER, DhcpOptions.builder());
        assertThat(next(wire.sent).yours()).hasToString("10.0.0.50");
        Arrival elsewhere = new Arrival("eth1", Ipv4.parse("172.16.0.1"), 67, Ipv4.ANY, 68);
        service.received(packet(1, MessageType.DISCOVER, DhcpOptions.builder()), elsewhere);
        DhcpPacket offer = next(wire.sent);

        assertThat(offer.yours()).isEqualTo(Ipv4.ANY);
        assertThat(offer.file()).isEqualTo("x");
        assertThat(observations).isEmpty();
    }

    @Test
    void namesFirmwareThatItHasNothingForAsServerAndAsProxy() throws InterruptedException {
        service.close();
        BootOptions boot = new NetworkBoot(Map.of(Platform.BIOS, "x"), 80, "/boot.ipxe");
        service = service(false, Optional.of(new ProxyDhcp(boot)), boot);
        Arrival elsewhere = new Arrival("eth1", Ipv4.parse("172.16.0.1"), 67, Ipv4.ANY, 68);
        String arm64 = "PXEClient:Arch:00011:UNDI:003000";

        service.received(
                packet(
                        1,
                        MessageType.DISCOVER,
                        DhcpOptions.builder().put(Option.VENDOR_CLASS, arm64)),
                elsewhere);
        Observation proxied = next(observations);
        send(2, MessageType.DISCOVER, DhcpOptions.builder().put(Option.VENDOR_CLASS, arm64));
        Observation served = next(observations);

        assertThat(List.of(proxied, served))
                .allSatisfy(seen -> {
                    assertThat(seen.code()).isEqualTo("boot.no-architecture");
                    assertThat(seen.detail()).contains("no iPXE for UEFI_ARM64");
                });
        assertThat(proxied.subject()).contains("52:54:00:00:00:02");
        assertThat(next(wire.sent).yours()).as("it has its address").hasToString("10.0.0.50");
    }

    private DhcpService service(boolean probes, Optional<ProxyDhcp> proxy) {
        return service(probes, proxy, BootOptions.NONE);
    }

    private DhcpService service(boolean probes, Optional<ProxyDhcp> proxy, BootOptions boot) {
        Subnet subnet =
                new Subnet(
                        Cidr.parse("10.0.0.0/24"),
                        List.of(
                                new Subnet.Range(
                                        Ipv4.parse("10.0.0.50"), Ipv4.parse("10.0.0.120"))),
                        List.of(),
                        List.of(),
                        List.of(),
                        "",
                        Duration.ofHours(1),
                        DhcpOptions.NONE);
        Clock clock = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
        DhcpServer server =
                new DhcpServer(
                        new DhcpSettings(List.of(subnet), Set.of(), Set.of(), probes),
                        boot,
                        List.of(),
                        clock.instant());
        return new DhcpService(server, proxy, book, wire, clock, observations::add).start();
    }

    private void send(int client, MessageType type, DhcpOptions.Builder options) {
        service.received(packet(client, type, options), LINK);
    }

    private static Octets packet(int client, MessageType type, DhcpOptions.Builder options) {
        return Octets.of(
                DhcpCodec.encode(
                        new DhcpPacket(
                                false,
                                0,
                                client,
                                0,
                                false,
                                Ipv4.ANY,
                                Ipv4.ANY,
                                Ipv4.ANY,
                                Ipv4.ANY,
                                HardwareAddress.ethernet(
                                        Octets.of(0x52, 0x54, 0, 0, 0, client + 1)),
                                "",
                                "",
                                options.put(Option.MESSAGE_TYPE, Octets.of(type.code())).build()),
                        1500));
    }

    private static DhcpOptions.Builder request(DhcpPacket offer) {
        return DhcpOptions.builder()
                .put(Option.SERVER_ID, SERVER)
                .put(Option.REQUESTED_ADDRESS, offer.yours());
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        return Objects.requireNonNull(queue.poll(20, TimeUnit.SECONDS));
    }

    private record Commit(List<Lease> leases, CompletableFuture<Void> done) {}

    /// A book whose commits are durable when the test says so.
    private static final class HeldBook implements LeaseBook {
        private final BlockingQueue<Commit> commits = new LinkedBlockingQueue<>();

        @Override
        public List<Lease> load() {
            return List.of();
        }

        @Override
        public CompletableFuture<Void> commit(List<Lease> leases) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            commits.add(new Commit(leases, done));
            return done;
        }

        @Override
        public void close() {}
    }

    private record Asked(Probe probe, CompletableFuture<Boolean> answer) {}

    private static final class RecordingWire implements DhcpWire {
        private final BlockingQueue<DhcpPacket> sent = new LinkedBlockingQueue<>();
        private final BlockingQueue<Asked> probes = new LinkedBlockingQueue<>();
        private final BlockingQueue<Asked> open = new LinkedBlockingQueue<>();

        @Override
        public void send(byte[] datagram, Destination destination, Arrival arrival) {
            sent.add(((DhcpDecoding.Decoded) DhcpCodec.decode(Octets.of(datagram))).packet());
        }

        @Override
        public CompletableFuture<Boolean> isUsed(Probe probe) {
            Asked asked = new Asked(probe, new CompletableFuture<>());
            open.add(asked);
            probes.add(asked);
            return asked.answer();
        }

        void answer(Probe probe, boolean isUsed) {
            open.stream()
                    .filter(asked -> asked.probe().equals(probe))
                    .forEach(asked -> asked.answer().complete(isUsed));
        }
    }
}
