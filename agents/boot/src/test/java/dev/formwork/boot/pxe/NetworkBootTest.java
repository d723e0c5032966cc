package dev.formwork.boot.pxe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.boot.address.HardwareAddress;
import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.address.Octets;
import dev.formwork.boot.dhcp.DhcpCodec;
import dev.formwork.boot.dhcp.DhcpOptions;
import dev.formwork.boot.dhcp.DhcpPacket;
import dev.formwork.boot.dhcp.MessageType;
import dev.formwork.boot.dhcp.Option;
import dev.formwork.boot.lease.Arrival;
import dev.formwork.boot.lease.BootOptions;
import dev.formwork.boot.lease.Destination;
import dev.formwork.boot.lease.ProxyDhcp;
import dev.formwork.boot.lease.Reply;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;

final class NetworkBootTest {
    private static final Ipv4 SERVER = Ipv4.parse("10.0.0.1");
    private static final Ipv4 CLIENT = Ipv4.parse("10.0.0.50");
    private static final Arrival LINK = new Arrival("eth0", SERVER, 67, Ipv4.ANY, 68);
    private static final Arrival DIRECT = new Arrival("eth0", SERVER, 4011, CLIENT, 68);

    private final NetworkBoot boot =
            new NetworkBoot(
                    Map.of(
                            Platform.BIOS, "undionly.kpxe",
                            Platform.UEFI_AMD64, "ipxe.efi",
                            Platform.UEFI_ARM64, "ipxe-arm64.efi"),
                    8080,
                    "/boot.ipxe");

    @Test
    void tellsFirmwareToLoadIpxeOfItsPlatform() {
        assertThat(file(0)).isEqualTo("undionly.kpxe");
        assertThat(file(7)).isEqualTo("ipxe.efi");
        assertThat(file(9)).isEqualTo("ipxe.efi");
        assertThat(file(11)).isEqualTo("ipxe-arm64.efi");
    }

    @Test
    void tellsPxeFirmwareToAskNobodyElse() {
        BootOptions.Boot told = boot.boot(pxe(0), LINK);

        assertThat(told.nextServer()).isEqualTo(SERVER);
        assertThat(told.options().text(Option.VENDOR_CLASS)).contains("PXEClient");
        assertThat(told.options().octets(Option.VENDOR_SPECIFIC))
                .contains(Octets.ofHex("060108ff"));
    }

    @Test
    void tellsNothingToPlatformsThatWeHaveNothingFor() {
        for (int architecture : new int[] {1, 2, 6, 8, 10, 27, 999}) {
            assertThat(boot.boot(pxe(architecture), LINK).isNothing()).isTrue();
            assertThat(boot.lacks(pxe(architecture))).isPresent();
        }
        assertThat(boot.lacks(pxe(6))).contains("no iPXE for UEFI_IA32");
        assertThat(boot.lacks(http(18))).contains("no iPXE for UEFI_ARM32");
        for (DhcpPacket served :
                List.of(pxe(0), pxe(11), http(19), packet(DhcpOptions.builder()))) {
            assertThat(boot.lacks(served)).isEmpty();
        }
    }

    @Test
    void tellsNothingToASystemThatRuns() {
        assertThat(boot.boot(packet(DhcpOptions.builder()), LINK).isNothing()).isTrue();
        assertThat(
                        boot.boot(
                                        packet(
                                                DhcpOptions.builder()
                                                        .put(Option.VENDOR_CLASS, "MSFT 5.0")),
                                        LINK)
                                .isNothing())
                .isTrue();
    }

    @Test
    void readsThePlatformFromTheVendorClassWhereOption93IsMissing() {
        assertThat(
                        boot.boot(
                                        packet(
                                                DhcpOptions.builder()
                                                        .put(
                                                                Option.VENDOR_CLASS,
                                                                "PXEClient:Arch:00007:UNDI:003016")),
                                        LINK)
                                .file())
                .isEqualTo("ipxe.efi");
    }

    @Test
    void givesHttpFirmwareAnAddress() {
        for (int architecture : new int[] {16, 19}) {
            BootOptions.Boot told = boot.boot(http(architecture), LINK);

            assertThat(told.options().text(Option.VENDOR_CLASS)).contains("HTTPClient");
            assertThat(told.options().octets(Option.BOOT_FILE))
                    .contains(
                            Octets.ofText(
                                    "http://10.0.0.1:8080/"
                                            + (architecture == 16 ? "ipxe.efi" : "ipxe-arm64.efi")
                                            + "\0"));
        }
        for (int architecture : new int[] {15, 17, 18, 28}) {
            assertThat(boot.boot(http(architecture), LINK).isNothing()).isTrue();
        }
    }

    @Test
    void givesIpxeItsScript() {
        for (String userClass : new String[] {"iPXE", "\u0004iPXE"}) {
            BootOptions.Boot told = boot.boot(ipxe(userClass, "130101"), LINK);

            assertThat(told.file()).isEqualTo("http://10.0.0.1:8080/boot.ipxe");
            assertThat(told.nextServer()).isEqualTo(SERVER);
            assertThat(told.options().octets(Option.IPXE)).contains(Octets.ofHex("b00101"));
        }
    }

    @Test
    void replacesAnIpxeThatCannotLoadByHttp() {
        assertThat(boot.boot(ipxe("iPXE", "120101"), LINK).file()).isEqualTo("undionly.kpxe");
    }

    @Test
    void putsALongAddressWhereItHasRoom() {
        NetworkBoot far = new NetworkBoot(Map.of(), 80, "/" + "x".repeat(120));

        BootOptions.Boot told = far.boot(ipxe("iPXE", "130101"), LINK);

        assertThat(told.file()).isEmpty();
        assertThat(told.options().text(Option.BOOT_FILE))
                .hasValueSatisfying(url -> assertThat(url).startsWith("http://10.0.0.1/xxx"));
    }

    @Test
    void offersWhatToBootBesideAnotherServer() {
        Reply reply = new ProxyDhcp(boot).received(pxe(7), LINK).orElseThrow();

        DhcpPacket offer = reply.packet();
        assertThat(offer.type()).isEqualTo(MessageType.OFFER);
        assertThat(offer.yours()).isEqualTo(Ipv4.ANY);
        assertThat(offer.nextServer()).isEqualTo(SERVER);
        assertThat(offer.file()).isEqualTo("ipxe.efi");
        assertThat(offer.options().has(Option.LEASE_TIME)).isFalse();
        assertThat(offer.options().has(Option.SUBNET_MASK)).isFalse();
        assertThat(offer.options().octets(Option.CLIENT_UUID))
                .contains(Octets.ofHex("00" + "ab".repeat(16)));
        assertThat(reply.destination()).isEqualTo(new Destination.Everybody());
        assertThat(DhcpCodec.encode(offer, reply.room())).hasSizeLessThanOrEqualTo(548);
    }

    @Test
    void acknowledgesOnPort4011ToWhereTheRequestCameFrom() {
        Reply reply =
                new ProxyDhcp(boot)
                        .received(typed(pxe(0), MessageType.REQUEST), DIRECT)
                        .orElseThrow();

        assertThat(reply.packet().type()).isEqualTo(MessageType.ACK);
        assertThat(reply.packet().file()).isEqualTo("undionly.kpxe");
        assertThat(reply.destination()).isEqualTo(new Destination.Host(CLIENT, 68));
    }

    @Test
    void leavesTheOtherServersRequestsAlone() {
        ProxyDhcp proxy = new ProxyDhcp(boot);

        assertThat(proxy.received(typed(pxe(0), MessageType.REQUEST), LINK)).isEmpty();
        assertThat(proxy.received(packet(DhcpOptions.builder()), LINK)).isEmpty();
        assertThat(proxy.received(pxe(0), DIRECT)).isEmpty();
    }

    @Property
    void takesAnyOptions(@ForAll byte[] vendor, @ForAll byte[] architectures) {
        DhcpPacket packet =
                packet(
                        DhcpOptions.builder()
                                .put(
                                        Option.VENDOR_CLASS,
                                        Octets.ofText("PXEClient").plus(Octets.of(vendor)))
                                .put(Option.CLIENT_ARCHITECTURE, Octets.of(architectures))
                                .put(Option.USER_CLASS, Octets.of(vendor))
                                .put(Option.IPXE, Octets.of(architectures)));

        assertThat(boot.boot(packet, LINK)).isNotNull();
    }

    private String file(int architecture) {
        return boot.boot(pxe(architecture), LINK).file();
    }

    private static DhcpPacket pxe(int architecture) {
        return packet(
                DhcpOptions.builder()
                        .put(
                                Option.VENDOR_CLASS,
                                "PXEClient:Arch:%05d:UNDI:002001".formatted(architecture))
                        .put(Option.CLIENT_ARCHITECTURE, Octets.ofShort(architecture)));
    }

    private static DhcpPacket http(int architecture) {
        return packet(
                DhcpOptions.builder()
                        .put(
                                Option.VENDOR_CLASS,
                                "HTTPClient:Arch:%05d:UNDI:003001".formatted(architecture))
                        .put(Option.CLIENT_ARCHITECTURE, Octets.ofShort(architecture)));
    }

    private static DhcpPacket ipxe(String userClass, String features) {
        return packet(
                pxe(0).options().toBuilder()
                        .put(Option.USER_CLASS, userClass)
                        .put(Option.IPXE, Octets.ofHex(features)));
    }

    private static DhcpPacket typed(DhcpPacket packet, MessageType type) {
        return packet(
                packet.options().toBuilder().put(Option.MESSAGE_TYPE, Octets.of(type.code())));
    }

    private static DhcpPacket packet(DhcpOptions.Builder options) {
        DhcpOptions given = options.build();
        return new DhcpPacket(
                false,
                0,
                7,
                0,
                true,
                Ipv4.ANY,
                Ipv4.ANY,
                Ipv4.ANY,
                Ipv4.ANY,
                HardwareAddress.parse("52:54:00:00:00:01"),
                "",
                "",
                DhcpOptions.builder()
                        .put(Option.MESSAGE_TYPE, Octets.of(1))
                        .put(Option.CLIENT_UUID, Octets.ofHex("00" + "ab".repeat(16)))
                        .putAll(given)
                        .build());
    }
}
