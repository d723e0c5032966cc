package dev.formwork.boot.tftp;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

final class WindowTest {
    @Test
    void sendsOneBlockAtATimeAsRfc1350HasIt() {
        Window window = new Window(2, 1);

        assertThat(window.next()).isEqualTo(1);
        assertThat(window.next()).isZero();
        window.acknowledge(1);
        assertThat(window.next()).isEqualTo(2);
        window.acknowledge(1);
        assertThat(window.next()).as("an acknowledgement that came twice").isZero();
        window.acknowledge(2);
        assertThat(window.isDone()).isTrue();
    }

    @Test
    void goesBackToTheFirstBlockThatWasLost() {
        Window window = new Window(9, 4);
        assertThat(sent(window)).containsExactly(1L, 2L, 3L, 4L);

        window.acknowledge(2);
        assertThat(sent(window)).containsExactly(3L, 4L, 5L, 6L);
        window.acknowledge(2);
        assertThat(sent(window)).containsExactly(3L, 4L, 5L, 6L);
        window.acknowledge(2);
        assertThat(sent(window)).as("once").isEmpty();
        window.goBack();
        assertThat(sent(window)).containsExactly(3L, 4L, 5L, 6L);
    }

    @Test
    void ignoresWhatWasNeverSent() {
        Window window = new Window(9, 4);
        sent(window);

        assertThat(window.acknowledge(5)).isFalse();
        assertThat(window.acknowledge(65535)).isFalse();
        assertThat(sent(window)).isEmpty();
    }

    /// A client that loses what it likes gets everything in order in the end, over the wrap too.
    @Property(tries = 50)
    void bringsEveryBlock(@ForAll long seed, @ForAll @IntRange(min = 1, max = 64) int size) {
        Random random = new Random(seed);
        long blocks = 65_530L + random.nextInt(20);
        Window window = new Window(blocks, size);
        long has = 0;
        while (!window.isDone()) {
            for (long block : sent(window)) {
                if (random.nextInt(500) != 0 && block == has + 1) {
                    has = block;
                }
            }
            if (random.nextInt(100) == 0 || !window.acknowledge((int) (has & 0xffff))) {
                window.goBack();
            }
        }
        assertThat(has).isEqualTo(blocks);
    }

    @Test
    void agreesToWhatItCanDo() {
        Terms terms =
                terms(
                        "blksize",
                        "1432",
                        "TSIZE",
                        "0",
                        "windowsize",
                        "9999",
                        "timeout",
                        "3",
                        "x",
                        "y");

        assertThat(terms.block()).isEqualTo(1432);
        assertThat(terms.window()).isEqualTo(64);
        assertThat(terms.seconds()).isEqualTo(3);
        assertThat(new String(Transfer.options(terms.agreed()), StandardCharsets.US_ASCII))
                .isEqualTo("\0\6blksize\0001432\0tsize\00077\0windowsize\00064\0timeout\0003\0");
    }

    @Test
    void leavesOutWhatMakesNoSense() {
        Terms terms =
                terms(
                        "blksize",
                        "7",
                        "windowsize",
                        "0",
                        "timeout",
                        "256",
                        "blksize",
                        "99999999999");

        assertThat(terms.agreed()).isEmpty();
        assertThat(terms.block()).isEqualTo(512);
    }

    @Test
    void readsRequestsOnly() {
        assertThat(wrong("\0\2file\0octet\0").error()).isEqualTo(TftpError.ACCESS);
        for (String packet :
                List.of(
                        "",
                        "\0",
                        "\0\1",
                        "\0\1\0",
                        "\0\1file",
                        "\0\1file\0",
                        "\0\1file\0octet",
                        "\0\3file\0octet\0",
                        "\1\1file\0octet\0",
                        "\0\1f\0netascii\0",
                        "\0\1f\0octet\0" + "a\0b\0".repeat(17))) {
            assertThat(wrong(packet).error()).as(packet).isEqualTo(TftpError.ILLEGAL);
        }
    }

    @Property
    void readsAnyOctetsWithoutAnException(@ForAll byte[] noise) {
        assertThat(ReadRequest.parse(noise, noise.length)).isNotNull();
        byte[] request = new byte[noise.length + 2];
        request[1] = 1;
        System.arraycopy(noise, 0, request, 2, noise.length);
        if (ReadRequest.parse(request, request.length)
                instanceof ReadRequest.Parsed.Right(ReadRequest read)) {
            assertThat(Terms.of(read, 7).window()).isBetween(1, 64);
        }
    }

    private static Terms terms(String... options) {
        byte[] packet =
                ("\0\1f\0octet\0" + String.join("\0", options) + "\0")
                        .getBytes(StandardCharsets.US_ASCII);
        return Terms.of(
                ((ReadRequest.Parsed.Right) ReadRequest.parse(packet, packet.length)).request(),
                77);
    }

    private static ReadRequest.Parsed.Wrong wrong(String packet) {
        byte[] octets = packet.getBytes(StandardCharsets.US_ASCII);
        return (ReadRequest.Parsed.Wrong) ReadRequest.parse(octets, octets.length);
    }

    private static List<Long> sent(Window window) {
        List<Long> blocks = new ArrayList<>();
        for (long block = window.next(); block != 0; block = window.next()) {
            blocks.add(block);
        }
        return blocks;
    }
}
