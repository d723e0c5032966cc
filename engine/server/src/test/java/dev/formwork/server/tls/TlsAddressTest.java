package dev.formwork.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.model.ProblemException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.util.List;

class TlsAddressTest {
    @ParameterizedTest
    @CsvSource({
        "192.0.2.1, 192.0.2.1, 7443",
        "192.0.2.1:1, 192.0.2.1, 1",
        "0.0.0.0:0, 0.0.0.0, 0",
        "fd00::1, fd00::1, 7443",
        "[fd00::1], fd00::1, 7443",
        "[fd00::1]:8443, fd00::1, 8443",
        "::, ::, 7443"
    })
    void readsAnAddressWithAPortAndWithout(String text, String host, int port) {
        assertThat(TlsAddress.parse(text)).isEqualTo(new TlsAddress(host, port, List.of()));
    }

    @ParameterizedTest
    @CsvSource({
        "'', server.bad-address",
        "192.0.2.1:, server.bad-address",
        "192.0.2.1:x, server.bad-address",
        "192.0.2.1:65536, server.bad-address",
        "192.0.2.1:-1, server.bad-address",
        "192.0.2.300, server.bad-address",
        "engine.example, server.bad-address",
        "0.0.0.0, server.needs-name",
        "[::]:1, server.needs-name"
    })
    void refusesWhatNobodyCanCall(String text, String code) {
        refused(code, () -> TlsAddress.parse(text).check());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"engine.example", "ENGINE", "10.0.2.2", "fd00::1", "[fd00::1]", "a-1.b"})
    void takesNamesAndAddresses(String name) {
        assertThatCode(() -> TlsAddress.parse("0.0.0.0").withNames(List.of(name)).check())
                .doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "*.example",
                "0.0.0.0",
                "::",
                "-a",
                "a-",
                "a..b",
                "a b",
                "a/b",
                "engine.example:7443",
                "https://engine.example",
                "10.0.2.999",
                "1234567890123456789012345678901234567890123456789012345678901234"
            })
    void refusesWhatIsNoName(String name) {
        refused(
                "server.bad-name",
                () -> TlsAddress.parse("192.0.2.1").withNames(List.of(name)).check());
    }

    @Test
    void namesInItsCertificateAllThatItIsCalled() {
        TlsAddress address =
                TlsAddress.parse("192.0.2.1")
                        .withNames(List.of("Engine.Example", "10.0.2.2", "engine.example"));

        assertThat(address.certificateNames())
                .startsWith("engine.example", "10.0.2.2", "192.0.2.1")
                .contains("localhost", "127.0.0.1", "::1")
                .doesNotHaveDuplicates();
        assertThat(TlsAddress.parse("0.0.0.0").withNames(List.of("a")).certificateNames())
                .startsWith("a")
                .doesNotContain("0.0.0.0");
    }

    @Test
    void isCalledByItsNamesFirst() {
        TlsAddress address = TlsAddress.parse("[fd00::1]").withNames(List.of("engine.example"));
        assertThat(address.urls(7))
                .containsExactly(
                        URI.create("https://engine.example:7"), URI.create("https://[fd00::1]:7"));
        assertThat(address.url(7)).isEqualTo(URI.create("https://[fd00::1]:7"));
        assertThat(TlsAddress.parse("::").withNames(List.of("a", "b")).url(7))
                .isEqualTo(URI.create("https://a:7"));
    }

    private static void refused(String code, Runnable action) {
        assertThatThrownBy(action::run)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(code);
                            assertThat(e.problems().getFirst().hint()).isNotNull();
                        });
    }
}
