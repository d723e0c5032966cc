package dev.formwork.agent.transport;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.util.List;

final class EngineUrlTest {
    @Test
    void dropsWhatMakesNoDifference() {
        assertThat(EngineUrl.parse(" https://engine:8443/base// "))
                .contains(URI.create("https://engine:8443/base"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "engine:8443",
                "ftp://engine",
                "http:///path",
                "http://user@engine",
                "http://user:password@engine",
                "http://engine/?a=b",
                "http://engine/#part",
                "http://engine:65536",
                "http://engine:99999999999",
                "http://en gine",
                "http://engine\r\nX: y"
            })
    void refuses(String text) {
        assertThat(EngineUrl.parse(text)).isEmpty();
    }

    @Property
    void takesAnyText(@ForAll String text) {
        for (String one : List.of(text, "http://" + text)) {
            EngineUrl.parse(one)
                    .ifPresent(url -> {
                        assertThat(url.getHost()).isNotEmpty();
                        assertThat(EngineUrl.parse(url.toString())).contains(url);
                    });
        }
    }

    @Test
    void refusesOneThatIsEndless() {
        assertThat(EngineUrl.parse("http://engine/" + "a".repeat(3000))).isEmpty();
    }
}
