package dev.formwork.workflow.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.hardware.Hardware;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Which machine it is that boots: recognised, and never merged wrongly.
class RecognitionTest {
    private static final String A1 = "52:54:00:00:0a:01";
    private static final String A2 = "52:54:00:00:0a:02";
    private static final String B1 = "52:54:00:00:0b:01";
    private static final String OTHER = "52:54:00:00:00:99";
    private static final String UA = "aaaaaaaa-0000-4000-8000-00000000000a";
    private static final String UB = "bbbbbbbb-0000-4000-8000-00000000000b";
    private static final String UC = "cccccccc-0000-4000-8000-00000000000c";
    private static final Map<String, Hardware> TWO =
            Map.of("a", of(UA, "SA", A1, A2), "b", of(UB, "SB", B1));

    private static Hardware of(String uuid, String serial, String... macs) {
        return new Hardware(
                List.of(macs),
                Optional.of(uuid).filter(it -> !it.isEmpty()),
                Optional.of(serial).filter(it -> !it.isEmpty()));
    }

    private static Recognition<String> ask(Hardware asked, Map<String, Hardware> known) {
        return Recognition.of(
                asked,
                known.keySet(),
                name -> known.getOrDefault(name, Hardware.NONE),
                name -> name);
    }

    @Test
    void aMachineThatSaysAllOfItIsThatOne() {
        assertThat(ask(of(UA, "SA", A1, A2), TWO))
                .isEqualTo(
                        new Recognition.Known<>(
                                "a", Recognition.UUID + Recognition.SERIAL + 2 * Recognition.CARD));
    }

    @Test
    void oneCardIsEnoughWhereNothingContradicts() {
        assertThat(ask(of("", "", A2), TWO))
                .isEqualTo(new Recognition.Known<>("a", Recognition.CARD));
    }

    @Test
    void aCardMayBeReplacedAndABoardIsForAPersonToSay() {
        assertThat(ask(of(UA, "SA", OTHER), TWO))
                .isEqualTo(new Recognition.Known<>("a", Recognition.UUID + Recognition.SERIAL));
        assertThat(ask(of(UC, "SC", A1), TWO))
                .isEqualTo(
                        new Recognition.Unclear<>(
                                "it has something of a, but another SMBIOS UUID: two have one MAC"
                                        + " address, or its board was replaced"));
    }

    @Test
    void aCardThatMovedToAnotherKnownMachineChangesNothing() {
        assertThat(ask(of(UB, "SB", B1, A2), TWO))
                .isEqualTo(
                        new Recognition.Known<>(
                                "b", Recognition.UUID + Recognition.SERIAL + Recognition.CARD));
    }

    @Test
    void boardsWithOneUuidForAllAreNotMerged() {
        assertThat(ask(of(UA, "", OTHER), TWO)).isInstanceOf(Recognition.Unclear.class);
        Map<String, Hardware> twins = Map.of("a", of(UA, "", A1), "b", of(UA, "", B1));
        assertThat(ask(of(UA, "", B1), twins))
                .isEqualTo(new Recognition.Known<>("b", Recognition.UUID + Recognition.CARD));
        assertThat(ask(of(UA, "", A1, B1), twins))
                .as("cards of both")
                .isEqualTo(new Recognition.Unclear<>("it is as much like a as like b"));
    }

    @Test
    void aCloudIdIsAsGoodAsAUuid() {
        Map<String, Hardware> known =
                Map.of(
                        "a", of(UA, "", A1).withCloudId("aws:i-0000000a"),
                        "b", of("", "", B1).withCloudId("aws:i-0000000b"),
                        "bare", Hardware.NONE.withCloudId("gce:1"));

        assertThat(ask(of("", "").withCloudId("aws:i-0000000b"), known))
                .isEqualTo(new Recognition.Known<>("b", Recognition.CLOUD));
        assertThat(ask(of(UC, "SC", OTHER).withCloudId("gce:1"), known))
                .as("all that was known of it agrees")
                .isEqualTo(new Recognition.Known<>("bare", Recognition.CLOUD));
        assertThat(ask(of(UA, "", OTHER).withCloudId("aws:i-0000000a"), known))
                .as("its interfaces were exchanged")
                .isEqualTo(new Recognition.Known<>("a", Recognition.UUID + Recognition.CLOUD));
        assertThat(ask(of(UC, "", OTHER).withCloudId("aws:i-0000000c"), known))
                .isEqualTo(new Recognition.Unknown<>());
    }

    @Test
    void aCloudIdThatContradictsIsForAPersonToSay() {
        Map<String, Hardware> known = Map.of("a", of(UA, "", A1).withCloudId("aws:i-0000000a"));

        assertThat(ask(of(UA, "", A1).withCloudId("aws:i-0000000b"), known))
                .isEqualTo(
                        new Recognition.Unclear<>(
                                "it has something of a, but another cloud id: one of the two is"
                                        + " wrong, or was copied"));
        assertThat(ask(of(UB, "", A1).withCloudId("aws:i-0000000a"), known))
                .isEqualTo(
                        new Recognition.Unclear<>(
                                "it has something of a, but another SMBIOS UUID: one of the two is"
                                        + " wrong, or was copied"));
        assertThat(ask(of("", "", A1).withCloudId("aws:i-0000000b"), known))
                .isEqualTo(
                        new Recognition.Unclear<>(
                                "it has something of a, but another cloud id: two have one MAC"
                                        + " address, or its board was replaced"));
        assertThat(ask(of("", "", OTHER).withCloudId("aws:i-0000000a"), known))
                .as("somebody says an id, and no card agrees")
                .isInstanceOf(Recognition.Unclear.class);
    }

    @Test
    void aSerialNumberAloneSaysNothing() {
        assertThat(ask(of("", "SA"), TWO)).isEqualTo(new Recognition.Unknown<>());
        assertThat(ask(Hardware.NONE, TWO)).isEqualTo(new Recognition.Unknown<>());
        assertThat(ask(of(UA, "SA", A1), Map.of("none", Hardware.NONE)))
                .isEqualTo(new Recognition.Unknown<>());
    }
}
