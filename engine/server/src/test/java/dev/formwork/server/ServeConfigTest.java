package dev.formwork.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.model.ProblemException;
import dev.formwork.provider.AgentLaunch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

class ServeConfigTest {
    private static final ServeConfig CONFIG =
            ServeConfig.of(
                    Path.of("data"),
                    List.of(Path.of("pack")),
                    new AgentLaunch(List.of("/bin/agent")),
                    "1");

    @Test
    void listensOnTheLoopbackByDefault() {
        assertThat(CONFIG.host()).isEqualTo("127.0.0.1");
        assertThat(CONFIG.port()).isEqualTo(7474);
        assertThat(CONFIG.engineAgent()).isTrue();
        assertThat(CONFIG.console()).isTrue();
        assertThat(CONFIG.database()).isEmpty();
        assertThat(CONFIG.data()).isAbsolute();
        assertThat(CONFIG.providers()).isEmpty();
        assertThatCode(CONFIG::check).doesNotThrowAnyException();
    }

    @Test
    void holdsPollsForLessThanAThirdOfTheLease() {
        assertThat(CONFIG.poll().multipliedBy(3)).isLessThan(CONFIG.settings().lease());
        assertThat(CONFIG.poll()).isEqualTo(Duration.ofSeconds(25));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "127.1.2.3", "::1", "localhost"})
    void takesEveryLoopbackAddress(String host) {
        assertThatCode(() -> CONFIG.withHost(host).check()).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, server.needs-tls",
        "::, server.needs-tls",
        "192.0.2.1, server.needs-tls",
        "no.such.host.invalid, server.bad-address"
    })
    void refusesEveryOtherAddress(String host, String code) {
        assertThatThrownBy(() -> CONFIG.withHost(host).check())
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(code);
                            assertThat(e.problems().getFirst().hint()).isNotNull();
                        });
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 65_536})
    void refusesAPortThatIsNone(int port) {
        assertThatThrownBy(() -> CONFIG.withPort(port).check())
                .hasMessageContaining("server.bad-address");
    }
}
