package dev.formwork.boot.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.formwork.boot.address.HardwareAddress;
import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.address.Octets;
import dev.formwork.boot.lease.Arrival;
import dev.formwork.boot.lease.Destination;
import dev.formwork.boot.lease.Probe;
import dev.formwork.model.ProblemException;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Linux's sockets on loopback; the lab has those of Ethernet.
final class DhcpLinkIT {
    private static final Ipv4 LOOPBACK = Ipv4.parse("127.0.0.1");
    private static final boolean IS_ROOT = "root".equals(System.getProperty("user.name"));

    @Test
    void namesALinkThatIsNotThere() {
        refuses("boot.no-link", () -> DhcpLink.open("no-such-link", (datagram, arrival) -> {}));
    }

    @Test
    void saysThatItNeedsRoot() {
        assumeTrue(!IS_ROOT, "this is root");
        refuses("boot.needs-root", () -> DhcpLink.open("lo", (datagram, arrival) -> {}));
    }

    @Test
    void takesAndSendsOnThePortsOfDhcp() throws Exception {
        assumeTrue(IS_ROOT, "only root may serve DHCP");
        record Taken(Octets datagram, Arrival arrival) {}
        BlockingQueue<Taken> taken = new LinkedBlockingQueue<>();
        try (DhcpLink link =
                        DhcpLink.open(
                                "lo",
                                (datagram, arrival) -> taken.add(new Taken(datagram, arrival)));
                DatagramSocket client =
                        new DatagramSocket(new InetSocketAddress(LOOPBACK.inet(), 0))) {
            refuses("boot.port-in-use", () -> DhcpLink.open("lo", (datagram, arrival) -> {}));
            client.setSoTimeout(20_000);
            for (int port : new int[] {67, 4011}) {
                byte[] sent = {1, 2, (byte) port};
                client.send(
                        new DatagramPacket(
                                sent, sent.length, new InetSocketAddress(LOOPBACK.inet(), port)));
                Taken request = Objects.requireNonNull(taken.poll(20, TimeUnit.SECONDS));

                assertThat(request.datagram()).isEqualTo(Octets.of(sent));
                assertThat(request.arrival())
                        .isEqualTo(
                                new Arrival("lo", LOOPBACK, port, LOOPBACK, client.getLocalPort()));
                link.send(
                        new byte[] {7},
                        new Destination.Host(LOOPBACK, client.getLocalPort()),
                        request.arrival());
                DatagramPacket reply = new DatagramPacket(new byte[9], 9);
                client.receive(reply);
                assertThat(reply.getPort()).isEqualTo(port);
                assertThat(Arrays.copyOf(reply.getData(), reply.getLength())).containsExactly(7);
            }
            assertThat(
                            link.isUsed(
                                    new Probe(
                                            LOOPBACK.plus(7),
                                            HardwareAddress.BROADCAST,
                                            new Arrival("lo", LOOPBACK, 67, Ipv4.ANY, 68),
                                            false)))
                    .as("there is no ARP on loopback")
                    .succeedsWithin(Duration.ofSeconds(20))
                    .isEqualTo(false);
        }
    }

    @Test
    void asksManyBehindARelayAgentAtOnce() throws Exception {
        assumeTrue(IS_ROOT, "only root may serve DHCP");
        try (DhcpLink link = DhcpLink.open("lo", (datagram, arrival) -> {})) {
            List<CompletableFuture<Boolean>> asked = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                // All of 127.0.0.0/8 is this host.
                asked.add(
                        link.isUsed(
                                new Probe(
                                        LOOPBACK.plus(i),
                                        HardwareAddress.BROADCAST,
                                        new Arrival("lo", LOOPBACK, 67, LOOPBACK, 67),
                                        true)));
            }
            assertThat(asked)
                    .allSatisfy(answer ->
                            assertThat(answer)
                                    .succeedsWithin(Duration.ofSeconds(20))
                                    .isEqualTo(true));
        }
    }

    private static void refuses(String code, ThrowingCallable call) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.code()).isEqualTo(code));
    }
}
