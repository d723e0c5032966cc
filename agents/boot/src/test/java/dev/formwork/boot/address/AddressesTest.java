package dev.formwork.boot.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.ProblemException;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

import java.util.List;

final class AddressesTest {
    @Property
    void printsAnAddressSoThatItIsReadBack(@ForAll int bits) {
        assertThat(Ipv4.parse(new Ipv4(bits).toString())).isEqualTo(new Ipv4(bits));
    }

    @Test
    void refusesWhatIsNoAddress() {
        for (String text : List.of("", "1.2.3", "1.2.3.256", "1.2.3.4.5", "a.b.c.d", "1.2.3.4\n")) {
            refuses("boot.bad-address", () -> Ipv4.parse(text));
        }
    }

    @Test
    void ordersAddressesAsUnsigned() {
        assertThat(Ipv4.parse("200.0.0.1")).isGreaterThan(Ipv4.parse("10.0.0.1"));
    }

    @Test
    void knowsTheHostsOfANetwork() {
        Cidr network = Cidr.parse("10.1.0.0/16");

        assertThat(network.contains(Ipv4.parse("10.1.255.255"))).isTrue();
        assertThat(network.contains(Ipv4.parse("10.2.0.0"))).isFalse();
        assertThat(network.hasHost(Ipv4.parse("10.1.0.0"))).isFalse();
        assertThat(network.hasHost(Ipv4.parse("10.1.255.255"))).isFalse();
        assertThat(network.hasHost(Ipv4.parse("10.1.0.1"))).isTrue();
        assertThat(network.mask()).hasToString("255.255.0.0");
        assertThat(network).hasToString("10.1.0.0/16");
    }

    @Test
    void refusesWhatIsNoNetwork() {
        for (String text : List.of("10.0.0.1/24", "10.0.0.0/33", "10.0.0.0/0", "10.0.0.0", "x/1")) {
            refuses("boot.bad-network", () -> Cidr.parse(text));
        }
        refuses("boot.bad-address", () -> Cidr.parse("10.0.0/24"));
    }

    @Test
    void readsMacAddressesAsPeopleWriteThem() {
        HardwareAddress mac = HardwareAddress.parse("52:54:00:AB:00:01");

        assertThat(mac).hasToString("52:54:00:ab:00:01");
        assertThat(HardwareAddress.parse("52-54-00-ab-00-01")).isEqualTo(mac);
        assertThat(mac.isCard()).isTrue();
        assertThat(HardwareAddress.BROADCAST.isCard()).isFalse();
        assertThat(HardwareAddress.parse("00:00:00:00:00:00").isCard()).isFalse();
        for (String text : List.of("", "52:54", "52:54-00:ab:00:01", "52:54:00:ab:00:01:02")) {
            refuses("boot.bad-mac", () -> HardwareAddress.parse(text));
        }
    }

    private static void refuses(String code, ThrowingCallable call) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(call)
                .satisfies(e -> assertThat(e.code()).isEqualTo(code));
    }
}
