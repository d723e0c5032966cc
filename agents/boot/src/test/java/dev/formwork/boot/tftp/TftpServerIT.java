package dev.formwork.boot.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.address.Octets;
import dev.formwork.boot.content.Content;
import dev.formwork.boot.content.ContentSource;
import dev.formwork.model.ProblemException;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Semaphore;

/// A real client's packets against a real server, on loopback.
final class TftpServerIT {
    private static final Ipv4 LOOPBACK = Ipv4.parse("127.0.0.1");

    /// Transfers at once. A client may ask for the next file while the server's thread for the last
    /// has not quite ended: there have to be some to spare.
    private static final int MOST = 16;

    private final Map<String, byte[]> files =
            Map.of(
                    "empty",
                    new byte[0],
                    "slow",
                    new byte[1],
                    "one",
                    random(512),
                    "large",
                    random(300_001));
    private final Semaphore slow = new Semaphore(0);
    private final TftpServer server = TftpServer.open(LOOPBACK, 0, source(), MOST);

    @AfterEach
    void close() {
        server.close();
        assertThat(server.size()).isZero();
    }

    @Test
    void sendsFilesByAllTerms() throws IOException {
        for (String options :
                new String[] {
                    "",
                    "blksize\0001432\0tsize\0000\0",
                    "blksize\0001024\0windowsize\00016\0",
                    "windowsize\0003\0"
                }) {
            for (String file : List.of("empty", "one", "large")) {
                try (Client client = new Client()) {
                    assertThat(client.load(file, options)).isEqualTo(files.get(file));
                }
            }
        }
    }

    @Test
    void sendsAgainWhatWasLost() throws IOException {
        try (Client client = new Client()) {
            client.losesEvery = 7;
            assertThat(client.load("large", "blksize\0008192\0windowsize\0008\0"))
                    .isEqualTo(files.get("large"));
        }
    }

    @Test
    void saysWhyAFileIsNotThere() throws IOException {
        try (Client client = new Client()) {
            for (String file : new String[] {"none", "../etc/passwd", "/..", "a\\..\\b"}) {
                assertThat(client.error(file)).isEqualTo("1 tftp.not-found: no such file");
            }
            assertThat(client.error("broken"))
                    .startsWith("0 artifact.wrong-digest: not what it should be");
        }
    }

    /// Firmware that asks for one file after the other from one port, the next one right behind its
    /// last acknowledgement; and what it asks for twice before it has an answer is sent once.
    @Test
    void takesOneRequestAfterTheOtherFromOnePort() throws IOException {
        try (Client client = new Client()) {
            for (int i = 0; i < 200; i++) {
                assertThat(client.load("empty", "")).isEmpty();
                assertThat(client.error("none")).startsWith("1 ");
            }
        }
    }

    @Test
    void answersOnceWhatIsAskedTwice() throws IOException {
        try (Client client = new Client();
                Client later = new Client()) {
            String request = "\0\1slow\0octet\0";
            client.send(request, server.port());
            client.send(request, server.port());
            // The server takes one after the other: by its answer to this one it has taken both.
            assertThat(later.error("none")).startsWith("1 ");
            slow.release(2);
            client.receive();
            client.acknowledge(1);
            // A second one would wait for its acknowledgement.
            awaitNoTransfer();
        }
    }

    private void awaitNoTransfer() {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (server.size() > 0) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.onSpinWait();
        }
    }

    @Test
    void refusesToWrite() throws IOException {
        try (Client client = new Client()) {
            client.send("\0\2x\0octet\0", server.port());
            assertThat(client.failure()).startsWith("2 ");
        }
    }

    @Test
    void boundsItsTransfersAndSurvivesNoise() throws IOException {
        try (Client noise = new Client()) {
            Random random = new Random(1);
            for (int i = 0; i < 2000; i++) {
                byte[] octets = new byte[random.nextInt(64)];
                random.nextBytes(octets);
                if (octets.length > 1) {
                    octets[0] = 0;
                }
                noise.send(octets, server.port());
            }
        }
        Client[] clients = new Client[MOST];
        for (int i = 0; i < MOST; i++) {
            clients[i] = new Client();
            clients[i].send("\0\1large\0octet\0", server.port());
            clients[i].receive();
        }
        try (Client late = new Client()) {
            late.send("\0\1one\0octet\0", server.port());
            assertThat(late.failure()).startsWith("0 tftp.busy");
        }
        clients[0].decline();
        try (Client late = new Client()) {
            for (String answer = ""; !answer.equals("data"); ) {
                late.peer = 0;
                late.send("\0\1one\0octet\0", server.port());
                byte[] packet = late.receive();
                answer = packet[1] == 3 ? "data" : "busy";
            }
        }
        for (Client client : clients) {
            client.close();
        }
    }

    /// Requests as firmware sends them, cut short and with bits that fell over, and whatever comes
    /// from a port with a transfer: no transfer stays, and the next client is served.
    @Test
    void survivesRequestsThatWereDamaged() throws IOException {
        Random random = new Random(5);
        List<String> requests =
                List.of(
                        "\0\1one\0octet\0",
                        "\0\1large\0octet\0tsize\0000\0blksize\0001468\0windowsize\00016\0",
                        "\0\1../../etc/passwd\0netascii\0",
                        "\0\4\0\1",
                        "\0\5\0\0no\0",
                        "\0\6blksize\000512\0");
        try (Client noise = new Client()) {
            for (int i = 0; i < 3000; i++) {
                byte[] octets =
                        requests.get(random.nextInt(requests.size()))
                                .getBytes(StandardCharsets.US_ASCII);
                for (int flip = random.nextInt(4); flip > 0; flip--) {
                    octets[random.nextInt(octets.length)] ^= (byte) (1 << random.nextInt(8));
                }
                int length = random.nextInt(4) > 0 ? octets.length : random.nextInt(octets.length);
                noise.send(Arrays.copyOf(octets, length), server.port());
            }
        }
        // What it began nobody takes: the kernel says so to the next packet.
        awaitNoTransfer();
        try (Client client = new Client()) {
            assertThat(client.load("one", "")).isEqualTo(files.get("one"));
            assertThat(client.load("large", "blksize\0001024\0")).isEqualTo(files.get("large"));
            assertThat(client.error("none")).isEqualTo("1 tftp.not-found: no such file");
        }
    }

    private ContentSource source() {
        return asked -> {
            if (asked.path().equals("broken")) {
                throw ProblemException.of("artifact.wrong-digest", "not what it should be", null);
            }
            if (asked.path().equals("slow")) {
                slow.acquireUninterruptibly();
            }
            return Optional.ofNullable(files.get(asked.path()))
                    .map(octets -> new Content.Rendered(Octets.of(octets)));
        };
    }

    private static byte[] random(int size) {
        byte[] octets = new byte[size];
        new Random(size).nextBytes(octets);
        return octets;
    }

    /// Speaks TFTP as RFC 7440 has it, and loses data when told to. Says again what has no answer:
    /// the kernel drops what a server has no room for.
    private final class Client implements AutoCloseable {
        private static final int TRIES = 4;

        private final DatagramSocket socket = new DatagramSocket();
        private DatagramPacket said = new DatagramPacket(new byte[0], 0);
        private int losesEvery = Integer.MAX_VALUE;

        /// Where the transfer comes from; 0 for anywhere.
        private int peer;

        Client() throws IOException {
            socket.setSoTimeout(5000);
        }

        byte[] load(String file, String options) throws IOException {
            peer = 0;
            send("\0\1" + file + "\0octet\0" + options, server.port());
            int block = 512;
            int window = 1;
            byte[] packet = receive();
            if (packet[1] == 6) {
                String[] parts =
                        new String(packet, 2, packet.length - 2, StandardCharsets.US_ASCII)
                                .split("\0", -1);
                for (int i = 0; i + 1 < parts.length; i += 2) {
                    switch (parts[i]) {
                        case "blksize" -> block = Integer.parseInt(parts[i + 1]);
                        case "windowsize" -> window = Integer.parseInt(parts[i + 1]);
                        default ->
                                assertThat(parts[i + 1])
                                        .isEqualTo(
                                                String.valueOf(
                                                        Objects.requireNonNull(files.get(file))
                                                                .length));
                    }
                }
                acknowledge(0);
                packet = receive();
            }
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            int has = 0;
            int got = 0;
            int inWindow = 0;
            while (true) {
                int number = (packet[2] & 0xff) << 8 | (packet[3] & 0xff);
                got++;
                if (number == ((has + 1) & 0xffff) && got % losesEvery != 0) {
                    has++;
                    inWindow++;
                    content.write(packet, 4, packet.length - 4);
                    if (packet.length - 4 < block) {
                        acknowledge(has);
                        return content.toByteArray();
                    }
                    if (inWindow == window) {
                        acknowledge(has);
                        inWindow = 0;
                    }
                } else if (got % losesEvery != 0) {
                    acknowledge(has);
                    inWindow = 0;
                }
                packet = receive();
            }
        }

        String error(String file) throws IOException {
            send("\0\1" + file + "\0octet\0", server.port());
            return failure();
        }

        /// Refusals come from where requests go.
        String failure() throws IOException {
            peer = server.port();
            byte[] packet = receive();
            assertThat(packet[1]).isEqualTo((byte) 5);
            return packet[3]
                    + " "
                    + new String(packet, 4, packet.length - 5, StandardCharsets.US_ASCII);
        }

        void decline() throws IOException {
            send("\0\5\0\0no\0", peer);
        }

        void acknowledge(int block) throws IOException {
            send(new byte[] {0, 4, (byte) (block >>> 8), (byte) block}, peer);
        }

        void send(String packet, int port) throws IOException {
            send(packet.getBytes(StandardCharsets.US_ASCII), port);
        }

        void send(byte[] packet, int port) throws IOException {
            said =
                    new DatagramPacket(
                            packet, packet.length, new InetSocketAddress(LOOPBACK.inet(), port));
            socket.send(said);
        }

        byte[] receive() throws IOException {
            DatagramPacket packet = new DatagramPacket(new byte[70_000], 70_000);
            for (int i = 0; i < TRIES; i++) {
                try {
                    do {
                        packet.setLength(packet.getData().length);
                        socket.receive(packet);
                    } while (peer != 0 && packet.getPort() != peer);
                    peer = packet.getPort();
                    return Arrays.copyOf(packet.getData(), packet.getLength());
                } catch (SocketTimeoutException _) {
                    socket.send(said);
                }
            }
            throw new AssertionError("the server is silent");
        }

        @Override
        public void close() {
            socket.close();
        }
    }
}
