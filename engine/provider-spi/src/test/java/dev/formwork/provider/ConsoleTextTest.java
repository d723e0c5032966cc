package dev.formwork.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

class ConsoleTextTest {
    @Test
    void endsBehindItsLastByteHoweverOftenItIsRead() {
        ConsoleText text =
                new ConsoleText(7, ByteBuffer.wrap("login: ".getBytes(StandardCharsets.UTF_8)));

        assertThat(text.text()).isEqualTo("login: ");
        assertThat(text.text()).isEqualTo("login: ");
        assertThat(text.end()).isEqualTo(14);
    }
}
