package dev.formwork.server.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

class HostNamesTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LOCALHOST:1",
                "127.0.0.1:7474",
                "[::1]:7474",
                "[::1]",
                "127.0.0.2:80"
            })
    void allowsTheNamesOfTheLoopback(String host) {
        assertThat(HostNames.of("127.0.0.2").allow(host, false)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "evil.example",
                "evil.example:7474",
                "localhost.evil.example",
                "127.0.0.1.evil.example:7474",
                "127.0.0.3",
                "[::2]:1",
                ":",
                "localhost:1:2"
            })
    void refusesEveryOtherName(String host) {
        assertThat(HostNames.of("127.0.0.1").allow(host, false)).isFalse();
    }

    @Test
    void isCalledByItsCertificatesNamesByTlsAndNowhereElse() {
        HostNames names =
                HostNames.of("127.0.0.1")
                        .andByTls(List.of("Engine.example", "10.0.2.2", "fd00::1"));

        for (String host :
                List.of("engine.example:7443", "ENGINE.EXAMPLE", "10.0.2.2", "[fd00::1]:7443")) {
            assertThat(names.allow(host, true)).as(host).isTrue();
            assertThat(names.allow(host, false)).as(host).isFalse();
        }
        assertThat(names.allow("evil.example", true)).isFalse();
        assertThat(names.allow("localhost", false)).isTrue();
        assertThat(HostNames.of("127.0.0.1").allow("localhost", true)).isFalse();
    }
}
