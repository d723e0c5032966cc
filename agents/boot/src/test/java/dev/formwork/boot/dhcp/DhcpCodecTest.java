package dev.formwork.boot.dhcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.boot.address.HardwareAddress;
import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.address.Octets;
import dev.formwork.model.ProblemException;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

final class DhcpCodecTest {
    private static final int LARGE = 9000;

    @Property(tries = 500)
    void readsWhatItWrote(@ForAll("packets") DhcpPacket packet) {
        assertThat(decoded(DhcpCodec.encode(packet, LARGE))).isEqualTo(packet);
    }

    @Property(tries = 500)
    void readsWhatItWroteIntoAsLittleRoomAsThereMayBe(@ForAll("packets") DhcpPacket packet) {
        byte[] octets;
        try {
            octets = DhcpCodec.encode(packet, 548);
        } catch (ProblemException e) {
            assertThat(e.code()).isEqualTo("dhcp.too-large");
            return;
        }
        assertThat(octets).hasSizeLessThanOrEqualTo(548);
        assertThat(decoded(octets)).isEqualTo(packet);
    }

    @Property(tries = 2000)
    void readsAnyOctetsWithoutAnException(@ForAll byte[] noise) {
        assertThat(DhcpCodec.decode(Octets.of(noise))).isNotNull();
    }

    /// Noise alone never gets past the cookie: damage packets that are right.
    @Property(tries = 2000)
    void readsDamagedPacketsWithoutAnException(
            @ForAll("packets") DhcpPacket packet,
            @ForAll("damage") Map<Integer, Byte> damage,
            @ForAll("lengths") int length) {
        byte[] octets = DhcpCodec.encode(packet, LARGE);
        damage.forEach((at, value) -> octets[at % octets.length] = value);

        switch (DhcpCodec.decode(Octets.copyOf(octets, 0, Math.min(length, octets.length)))) {
            case DhcpDecoding.Refused refused ->
                    assertThat(refused.problem().code()).isEqualTo("dhcp.malformed");
            case DhcpDecoding.Decoded read ->
                    assertThat(decoded(DhcpCodec.encode(read.packet(), 1 << 16)))
                            .isEqualTo(read.packet());
        }
    }

    @Test
    void putsWhatDoesNotFitIntoFileAndServerName() {
        DhcpPacket packet =
                withOptions(
                        DhcpOptions.builder()
                                .put(Option.MESSAGE_TYPE, Octets.of(2))
                                .put(Option.BOOT_FILE, "x".repeat(100))
                                .put(Option.HOST_NAME, "y".repeat(50))
                                .put(Option.DOMAIN_NAME, "z".repeat(250)));

        byte[] octets = DhcpCodec.encode(packet, 548);

        assertThat(octets).hasSizeLessThanOrEqualTo(548);
        assertThat(new String(octets, 0, 44 + 64 + 128, java.nio.charset.StandardCharsets.US_ASCII))
                .contains("x".repeat(100));
        assertThat(decoded(octets)).isEqualTo(packet);
    }

    @Test
    void saysWhatDoesNotFit() {
        DhcpPacket packet =
                withOptions(DhcpOptions.builder().put(Option.BOOT_FILE, "x".repeat(400)));

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> DhcpCodec.encode(packet, 548))
                .withMessageContaining("dhcp.too-large: option 67 of 400 octets");
    }

    @Test
    void putsTheTypeFirstAndTheRelayAgentLast() {
        byte[] octets =
                DhcpCodec.encode(
                        withOptions(
                                DhcpOptions.builder()
                                        .put(Option.SUBNET_MASK, Ipv4.parse("255.0.0.0"))
                                        .put(Option.MESSAGE_TYPE, Octets.of(5))
                                        .put(Option.RELAY_AGENT, Octets.ofHex("0101ff"))
                                        .put(Option.IPXE, Octets.ofHex("b00101"))),
                        548);

        assertThat(Octets.copyOf(octets, 240, 262).hex())
                .isEqualTo("350105" + "0104ff000000" + "af03b00101" + "52030101ff" + "ff" + "0000");
    }

    @Test
    void joinsAnOptionThatComesInPartsOfSeveralFields() {
        byte[] octets = DhcpCodec.encode(withOptions(DhcpOptions.builder()), LARGE);
        Octets.ofHex("340103" + "4301" + "61" + "ff").copyTo(octets, 240);
        Octets.ofHex("4301" + "62" + "ff").copyTo(octets, 108);
        Octets.ofHex("4301" + "63" + "ff").copyTo(octets, 44);

        DhcpPacket read = decoded(octets);

        assertThat(read.options().text(Option.BOOT_FILE)).contains("abc");
        assertThat(read.file()).isEmpty();
        assertThat(read.serverName()).isEmpty();
    }

    @Test
    void readsWhatIsNoDhcpAsRefused() {
        byte[] packet = DhcpCodec.encode(withOptions(DhcpOptions.builder()), LARGE);

        assertThat(refusal(Arrays.copyOf(packet, 239))).contains("cut short at 239");
        assertThat(refusal(changed(packet, 0, 3))).contains("operation 3");
        assertThat(refusal(changed(packet, 2, 17))).contains("17 octets");
        assertThat(refusal(changed(packet, 236, 0))).contains("cookie");
        assertThat(refusal(changed(packet, 240, 53))).contains("option 53 is cut short");
    }

    @Test
    void takesAPacketWithoutAnEnd() {
        byte[] packet = DhcpCodec.encode(withOptions(DhcpOptions.builder()), LARGE);
        Octets.ofHex("350101").copyTo(packet, 240);

        assertThat(decoded(Arrays.copyOf(packet, 243)).type()).isEqualTo(MessageType.DISCOVER);
    }

    @Test
    void readsSuboptionsUpToTheFirstThatIsCutShort() {
        assertThat(DhcpOptions.suboptions(Octets.ofHex("0102aabb" + "0500" + "07ff01")))
                .isEqualTo(Map.of(1, Octets.ofHex("aabb"), 5, Octets.EMPTY));
        assertThat(DhcpOptions.suboptions(Octets.ofHex("01"))).isEmpty();
    }

    @Property
    void readsSuboptionsOfAnyOctets(@ForAll byte[] noise) {
        assertThat(DhcpOptions.suboptions(Octets.of(noise))).isNotNull();
    }

    @Test
    void answersWithinTheRoomThatTheClientHas() {
        assertThat(withOptions(DhcpOptions.builder()).room()).isEqualTo(548);
        assertThat(room(0)).isEqualTo(548);
        assertThat(room(1200)).isEqualTo(1172);
        assertThat(room(65535)).isEqualTo(1472);
    }

    private static int room(int said) {
        return withOptions(DhcpOptions.builder().put(Option.MAX_MESSAGE_SIZE, Octets.ofShort(said)))
                .room();
    }

    @Provide
    Arbitrary<DhcpPacket> packets() {
        Arbitrary<Ipv4> addresses = Arbitraries.integers().map(Ipv4::new);
        Arbitrary<HardwareAddress> cards =
                Combinators.combine(Arbitraries.integers().between(0, 255), octets(16))
                        .as(HardwareAddress::new);
        Arbitrary<DhcpPacket> bare =
                Combinators.combine(
                                Arbitraries.of(true, false),
                                Arbitraries.integers().between(0, 255),
                                Arbitraries.integers(),
                                Arbitraries.integers().between(0, 0xffff),
                                addresses,
                                addresses,
                                cards,
                                options())
                        .as((reply, hops, transaction, seconds, one, two, card, options) ->
                                new DhcpPacket(
                                        reply,
                                        hops,
                                        transaction,
                                        seconds,
                                        reply,
                                        one,
                                        two,
                                        one.plus(1),
                                        two.plus(1),
                                        card,
                                        "",
                                        "",
                                        options));
        return Combinators.combine(bare, text(64), text(128))
                .as((packet, serverName, file) ->
                        new DhcpPacket(
                                packet.isReply(),
                                packet.hops(),
                                packet.transaction(),
                                packet.seconds(),
                                packet.isBroadcast(),
                                packet.client(),
                                packet.yours(),
                                packet.nextServer(),
                                packet.relay(),
                                packet.hardware(),
                                serverName,
                                file,
                                packet.options()));
    }

    @Provide
    Arbitrary<Map<Integer, Byte>> damage() {
        return Arbitraries.maps(
                        Arbitraries.oneOf(
                                Arbitraries.integers().between(0, 20),
                                Arbitraries.integers().between(230, 600)),
                        Arbitraries.bytes())
                .ofMaxSize(8);
    }

    @Provide
    Arbitrary<Integer> lengths() {
        return Arbitraries.oneOf(Arbitraries.just(LARGE), Arbitraries.integers().between(0, 700));
    }

    private static Arbitrary<DhcpOptions> options() {
        return Arbitraries.maps(
                        Arbitraries.integers()
                                .between(1, 254)
                                .filter(number -> number != Option.OVERLOAD),
                        Arbitraries.oneOf(octets(40), octets(600)))
                .ofMaxSize(12)
                .map(values -> new DhcpOptions(new TreeMap<>(values)));
    }

    private static Arbitrary<Octets> octets(int most) {
        return Arbitraries.bytes().array(byte[].class).ofMaxSize(most).map(Octets::of);
    }

    private static Arbitrary<String> text(int most) {
        return Arbitraries.oneOf(
                Arbitraries.just(""),
                Arbitraries.chars()
                        .range('\u0001', '\u00ff')
                        .array(char[].class)
                        .ofMaxSize(most)
                        .map(String::new));
    }

    private static DhcpPacket withOptions(DhcpOptions.Builder options) {
        return new DhcpPacket(
                true,
                0,
                7,
                0,
                false,
                Ipv4.ANY,
                Ipv4.ANY,
                Ipv4.ANY,
                Ipv4.ANY,
                HardwareAddress.parse("52:54:00:00:00:01"),
                "",
                "",
                options.build());
    }

    private static byte[] changed(byte[] packet, int at, int value) {
        byte[] changed = Arrays.copyOf(packet, 241);
        changed[at] = (byte) value;
        return changed;
    }

    private static String refusal(byte[] octets) {
        return ((DhcpDecoding.Refused) DhcpCodec.decode(Octets.of(octets))).problem().detail();
    }

    private static DhcpPacket decoded(byte[] octets) {
        return ((DhcpDecoding.Decoded) DhcpCodec.decode(Octets.of(octets))).packet();
    }
}
