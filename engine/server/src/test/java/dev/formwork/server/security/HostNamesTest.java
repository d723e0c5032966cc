package dev.formwork.server.security;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        assertThat(HostNames.of("127.0.0.2").allow(host)).isTrue();
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
        assertThat(HostNames.of("127.0.0.1").allow(host)).isFalse();
    }
}
