package dev.formwork.model.hardware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

class HardwareTest {
    @Test
    void isTheSameHoweverItIsWritten() {
        Hardware written =
                new Hardware(
                        List.of("52:54:00:AB:CD:EF", "52:54:00:ab:cd:ef"),
                        Optional.of("4C4C4544-0042-3010-8051-B2C04F4B5931"),
                        Optional.of("B0Q2KY1"));

        assertThat(written.macs()).containsExactly("52:54:00:ab:cd:ef");
        assertThat(written.uuid()).contains("4c4c4544-0042-3010-8051-b2c04f4b5931");
    }

    @Test
    void takesACloudIdOfOneFormOnly() {
        Hardware cloud = Hardware.NONE.withCloudId("aws:i-0123456789ABCDEF0");

        assertThat(cloud.cloudId()).contains("aws:i-0123456789abcdef0");
        assertThat(cloud).isNotEqualTo(Hardware.NONE);
        for (String id :
                List.of(
                        "",
                        "i-1",
                        "aws:",
                        ":i-1",
                        "aws:i 1",
                        "aws:i-1\n",
                        "aws:\u001b[2J",
                        "a:b/c")) {
            assertThatThrownBy(() -> Hardware.NONE.withCloudId(id))
                    .as(id)
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThatThrownBy(() -> Hardware.NONE.withCloudId("aws:" + "1".repeat(129)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "52-54-00-ab-cd-ef", "52:54:00:ab:cd", "52:54:00:ab:cd:eg\n"})
    void refusesWhatIsNoAddress(String mac) {
        assertThatThrownBy(() -> new Hardware(List.of(mac), Optional.empty(), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void refusesWhatIsNoSerialAndNoUuidAndTooMuch() {
        assertThatThrownBy(() -> new Hardware(List.of(), Optional.of("x"), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Hardware(List.of(), Optional.empty(), Optional.of("a\u001bb")))
                .isInstanceOf(IllegalArgumentException.class);
        List<String> many =
                IntStream.range(0, 17).mapToObj("52:54:00:00:00:%02x"::formatted).toList();
        assertThatThrownBy(() -> new Hardware(many, Optional.empty(), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(
                        new Hardware(
                                        Collections.nCopies(17, many.getFirst()),
                                        Optional.empty(),
                                        Optional.empty())
                                .macs())
                .hasSize(1);
    }
}
