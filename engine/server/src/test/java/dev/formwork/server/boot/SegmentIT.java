package dev.formwork.server.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.boot.address.HardwareAddress;
import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.address.Octets;
import dev.formwork.boot.dhcp.DhcpCodec;
import dev.formwork.boot.dhcp.DhcpDecoding;
import dev.formwork.boot.dhcp.DhcpOptions;
import dev.formwork.boot.dhcp.DhcpPacket;
import dev.formwork.boot.dhcp.MessageType;
import dev.formwork.boot.dhcp.Option;
import dev.formwork.server.ServeConfig;
import dev.formwork.server.TestEngine;
import dev.formwork.server.contract.Contract;
import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// What an engine's boot server sees on a segment, by real packets on loopback, is told by the API.
class SegmentIT {
    private static final Ipv4 ONLY = Ipv4.parse("127.0.77.100");
    private static final Ipv4 SERVER = Ipv4.parse("127.0.0.1");
    private static final Octets UUID_A = Octets.ofHex("00" + "0a".repeat(16));
    private static final Octets UUID_B = Octets.ofHex("00" + "0b".repeat(16));

    @TempDir private Path folder;
    private ServeConfig config;
    private TestEngine engine;
    private DatagramSocket clients;

    @BeforeEach
    void start() throws IOException {
        Needs.root("serve DHCP");
        Path files = Files.createDirectory(folder.resolve("files"));
        for (String name : List.of("kernel", "initrd", "undionly.kpxe")) {
            Files.writeString(files.resolve(name), name);
        }
        Path file = folder.resolve("boot.yaml");
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        Files.writeString(
                file,
                """
                kind: BootServer
                image: files
                programs: files
                links: [lo]
                http_port: %d
                subnets: [{network: 127.0.0.0/8, ranges: [%s-%s]}]
                """
                        .formatted(port, ONLY, ONLY));
        config = TestEngine.config(folder.resolve("data")).withBoot(BootSetup.load(file));
        engine = TestEngine.start(config);
        clients = new DatagramSocket(new InetSocketAddress(Ipv4.parse("127.0.0.5").inet(), 0));
    }

    @AfterEach
    void stop() {
        clients.close();
        engine.close();
    }

    @Test
    void showsWhatIsWrongAndTellsItOnce() throws Exception {
        discover(1, DhcpOptions.builder());
        discover(2, DhcpOptions.builder());
        BootSeen.await(engine, "dhcp.range-exhausted", "no address left for 52:54:00:77:00:02");
        request(1, ONLY.plus(9), Ipv4.parse("127.9.9.9"));
        BootSeen.await(engine, "dhcp.rogue-server", "127.9.9.9, was chosen by 52:54:00:77:00:01");
        send(1, MessageType.REQUEST, DhcpOptions.builder().put(Option.REQUESTED_ADDRESS, ONLY));
        for (Octets uuid : List.of(UUID_A, UUID_B, UUID_A)) {
            discover(3, DhcpOptions.builder().put(Option.CLIENT_UUID, uuid));
        }
        BootSeen.await(
                engine,
                "dhcp.duplicate-mac",
                "52:54:00:77:00:03 is used by two machines, of UUID 00");
        discover(
                4,
                DhcpOptions.builder()
                        .put(Option.VENDOR_CLASS, "PXEClient:Arch:00011:UNDI:003000")
                        .put(Option.CLIENT_ARCHITECTURE, Octets.ofShort(11)));
        BootSeen.await(
                engine,
                "boot.no-architecture",
                "52:54:00:77:00:04 wants to boot from the network, and");

        List<JsonNode> events = events();
        assertThat(events)
                .extracting(each -> each.path("type").asString())
                .containsOnly("boot.seen");
        assertThat(events)
                .extracting(each -> each.path("data").path("code").asString())
                .containsExactlyInAnyOrderElementsOf(codes())
                .doesNotHaveDuplicates();
        assertThat(events.getFirst().path("subject").asString()).isEqualTo("127.0.0.0/8");
    }

    /// The client that renews keeps its address; the range has no other, and nobody else gets it.
    @Test
    void findsItsLeasesWhenItIsStartedAgain() throws Exception {
        try (DatagramSocket client = new DatagramSocket(new InetSocketAddress(ONLY.inet(), 68))) {
            client.setSoTimeout(1000);
            discover(1, DhcpOptions.builder());
            DhcpPacket first = renewed(client, 1, () -> request(1, ONLY, SERVER));
            assertThat(first.yours()).isEqualTo(ONLY);

            engine.close();
            engine = TestEngine.start(config);
            discover(2, DhcpOptions.builder());
            BootSeen.await(engine, "dhcp.range-exhausted", "no address left for 52:54:00:77:00:02");
            DhcpPacket again = renewed(client, 1, () -> {});

            assertThat(again.yours()).isEqualTo(ONLY);
            assertThat(again.options().address(Option.SERVER_ID)).contains(SERVER);
        }
    }

    /// Asks, as who has its address already, until it is acknowledged.
    private DhcpPacket renewed(DatagramSocket client, int number, Runnable before)
            throws IOException {
        DatagramPacket answer = new DatagramPacket(new byte[1500], 1500);
        for (int i = 0; i < 20; i++) {
            before.run();
            send(number, ONLY, MessageType.REQUEST, DhcpOptions.builder());
            try {
                client.receive(answer);
            } catch (SocketTimeoutException _) {
                continue; // It was not there yet.
            }
            DhcpDecoding read =
                    DhcpCodec.decode(Octets.copyOf(answer.getData(), 0, answer.getLength()));
            DhcpPacket packet = ((DhcpDecoding.Decoded) read).packet();
            if (packet.type() == MessageType.ACK) {
                return packet;
            }
        }
        throw new AssertionError("no acknowledgement; seen: " + codes());
    }

    /// Those of boot servers, up to one that is made to end the stream.
    private List<JsonNode> events() throws IOException, InterruptedException {
        engine.get("/api/v1/backup");
        try (Stream<String> lines =
                engine.client()
                        .send(
                                engine.request("/api/v1/events?after=0").build(),
                                HttpResponse.BodyHandlers.ofLines())
                        .body()) {
            return lines.takeWhile(line -> !line.equals("event: engine.backup"))
                    .filter(line -> line.startsWith("data: "))
                    .map(line -> TestEngine.JSON.readTree(line.substring("data: ".length())))
                    .filter(event -> event.path("type").asString().startsWith("boot."))
                    .toList();
        }
    }

    private List<String> codes() throws IOException {
        HttpResponse<String> answer = engine.get(BootSeen.ROUTE);
        Contract.read().requireAnswer("GET", BootSeen.ROUTE, answer);
        return engine.json(answer)
                .path("items")
                .valueStream()
                .map(each -> each.path("code").asString())
                .toList();
    }

    private void discover(int client, DhcpOptions.Builder options) {
        send(client, MessageType.DISCOVER, options);
    }

    private void request(int client, Ipv4 address, Ipv4 server) {
        send(
                client,
                MessageType.REQUEST,
                DhcpOptions.builder()
                        .put(Option.REQUESTED_ADDRESS, address)
                        .put(Option.SERVER_ID, server));
    }

    private void send(int client, MessageType type, DhcpOptions.Builder options) {
        send(client, Ipv4.ANY, type, options);
    }

    /// @param has the address that it has
    private void send(int client, Ipv4 has, MessageType type, DhcpOptions.Builder options) {
        HardwareAddress mac = HardwareAddress.parse("52:54:00:77:00:0" + client);
        DhcpPacket packet =
                new DhcpPacket(
                        false,
                        0,
                        client,
                        0,
                        false,
                        has,
                        Ipv4.ANY,
                        Ipv4.ANY,
                        Ipv4.ANY,
                        mac,
                        "",
                        "",
                        options.put(Option.MESSAGE_TYPE, Octets.of(type.code())).build());
        byte[] octets = DhcpCodec.encode(packet, 1500);
        try {
            clients.send(
                    new DatagramPacket(
                            octets, octets.length, InetAddress.getLoopbackAddress(), 67));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
