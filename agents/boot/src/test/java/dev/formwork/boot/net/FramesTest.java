package dev.formwork.boot.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.boot.address.HardwareAddress;
import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.address.Octets;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.Map;

final class FramesTest {
    @Property
    void readsTheDatagramThatItWrote(
            @ForAll int from, @ForAll int to, @ForAll @Size(max = 1400) byte[] content) {
        Frames.Ends ends =
                new Frames.Ends(new Ipv4(from), from & 0xffff, new Ipv4(to), to & 0xffff);

        assertThat(Frames.readUdp(Octets.of(Frames.udp(ends, content))))
                .hasValueSatisfying(read -> {
                    assertThat(read.ends()).isEqualTo(ends);
                    assertThat(read.content()).isEqualTo(Octets.of(content));
                });
    }

    /// A sum over what has a right sum in it is all ones.
    @Test
    void writesTheSumsOfTheRfcs() {
        byte[] packet =
                Frames.udp(
                        new Frames.Ends(Ipv4.parse("10.0.0.1"), 67, Ipv4.parse("10.0.0.2"), 68),
                        new byte[] {'h', 'i', '!'});

        assertThat(sum(packet, 0, 20, 0)).isEqualTo(0xffff);
        assertThat(sum(packet, 12, packet.length, 17 + 11)).isEqualTo(0xffff);
    }

    @Property(tries = 2000)
    void readsAnyOctetsWithoutAnException(
            @ForAll byte[] noise, @ForAll @Size(max = 5) Map<Integer, Byte> damage) {
        byte[] packet =
                Frames.udp(
                        new Frames.Ends(new Ipv4(1), 67, new Ipv4(2), 68),
                        Arrays.copyOf(noise, 20));
        damage.forEach((at, value) -> packet[Math.floorMod(at, packet.length)] = value);

        assertThat(Frames.readUdp(Octets.of(packet))).isNotNull();
        assertThat(Frames.readUdp(Octets.of(noise))).isNotNull();
        assertThat(Frames.readArp(Octets.of(noise))).isNotNull();
        assertThat(Frames.readEchoReply(Octets.of(noise), 7)).isNotNull();
        assertThat(Frames.readEchoReply(Octets.of(packet), 7)).isNotNull();
    }

    @Test
    void asksForAnEchoAndKnowsTheAnswer() {
        byte[] echo = Frames.echo(0x1234);
        assertThat(Octets.of(echo).hex()).isEqualTo("0800" + "e5ca" + "1234" + "0001");
        assertThat(sum(echo, 0, echo.length, 0)).isEqualTo(0xffff);

        String header = "4500001c00004000400100000a0000090a000001";
        Octets reply = Octets.ofHex(header + "0000edca12340001");
        assertThat(Frames.readEchoReply(reply, 0x1234)).contains(Ipv4.parse("10.0.0.9"));
        assertThat(Frames.readEchoReply(reply, 0x1235)).isEmpty();
        assertThat(Frames.readEchoReply(Octets.ofHex(header + "0800e5ca12340001"), 0x1234))
                .as("our own question, which loopback shows")
                .isEmpty();
    }

    @Test
    void asksWhoHasAnAddressWithoutClaimingOne() {
        byte[] probe =
                Frames.arpProbe(HardwareAddress.parse("52:54:00:00:00:01"), Ipv4.parse("10.0.0.9"));

        assertThat(Octets.of(probe).hex())
                .isEqualTo("0001080006040001" + "52540000000100000000" + "0000000000000a000009");
        assertThat(Frames.readArp(Octets.of(probe))).isEmpty();
    }

    @Test
    void readsWhoHasAnAddress() {
        Octets reply =
                Octets.ofHex("0001080006040002" + "5254000000020a000009" + "5254000000010a000001");

        assertThat(Frames.readArp(reply))
                .contains(
                        new Frames.Claim(
                                HardwareAddress.parse("52:54:00:00:00:02"),
                                Ipv4.parse("10.0.0.9")));
    }

    private static int sum(byte[] octets, int from, int to, int start) {
        int sum = start;
        for (int i = from; i < to; i++) {
            sum += (i - from) % 2 == 0 ? (octets[i] & 0xff) << 8 : octets[i] & 0xff;
        }
        return (sum & 0xffff) + (sum >>> 16);
    }
}
