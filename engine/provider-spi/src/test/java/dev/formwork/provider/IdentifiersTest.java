package dev.formwork.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

class IdentifiersTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a\n", "../x", "ä", "a;b"})
    void refusesAHostileToken(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> new OperationToken(value));
        assertThatIllegalArgumentException().isThrownBy(() -> new OperationToken("a".repeat(65)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a\nb", "a\0b", "ä"})
    void refusesAReferenceThatCannotBeStored(String value) {
        assertThatIllegalArgumentException().isThrownBy(() -> new InstanceRef(value));
    }

    @Test
    void aBootTokenPrintsNothingAndIsEqualByContent() {
        BootToken token = new BootToken("s3cret-s3cret");

        assertThat(token).hasToString("***").isEqualTo(new BootToken("s3cret-s3cret"));
        assertThat(token).isNotEqualTo(new BootToken("s3cret-s3creT"));
        assertThat(token.reveal()).isEqualTo("s3cret-s3cret");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BootToken("two\nlines"))
                .withMessageNotContaining("lines");
    }

    @Test
    void anAgentStartsByAnAbsolutePath() {
        assertThat(AgentLaunch.java(Path.of("/jdk/bin/java"), Path.of("/opt/agent")).command())
                .startsWith("/jdk/bin/java")
                .endsWith("-cp", "/opt/agent/*", "dev.formwork.agent.Main");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AgentLaunch(List.of("java", "-version")));
        assertThatIllegalArgumentException().isThrownBy(() -> new AgentLaunch(List.of()));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AgentLaunch(List.of("/bin/sh"), Map.of("A;reboot", "")));
    }
}
