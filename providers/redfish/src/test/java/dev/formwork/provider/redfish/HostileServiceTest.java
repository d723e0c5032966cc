package dev.formwork.provider.redfish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.ProblemException;
import dev.formwork.provider.SensorReading;
import dev.formwork.provider.redfish.client.Answer;
import dev.formwork.provider.redfish.client.Link;
import dev.formwork.provider.redfish.client.RedfishService;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// A service that means ill. [WithoutNetwork] fails where anything goes to another host.
class HostileServiceTest {
    private static final String NODE_1 = "/redfish/v1/Systems/node-1";

    private final WithoutNetwork place = new WithoutNetwork(1);

    private static Optional<Answer> at(String path, String asked, String body) {
        return path.equals(asked) ? Optional.of(new Answer(200, Map.of(), body)) : Optional.empty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://elsewhere.example/redfish/v1/Systems/1",
                "http://bmc.example/redfish/v1/Systems/1",
                "https://bmc.example:8443/redfish/v1/Systems/1",
                "https://user@bmc.example/redfish/v1/Systems/1",
                "//elsewhere.example/redfish/v1/Systems/1",
                "file:///etc/passwd",
                "mailto:a@b.example",
                "redfish/v1/Systems/1",
                "",
                "/redfish/v1/ Systems",
                "\\\\elsewhere\\share"
            })
    void followsNoLinkToAnywhereElse(String link) {
        place.answering(call ->
                at(
                        call.uri().getPath(),
                        "/redfish/v1/Systems",
                        "{\"Members\": [{\"@odata.id\": \"%s\"}]}"
                                .formatted(link.replace("\\", "\\\\"))));

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> place.service().members(new Link("/redfish/v1/Systems")))
                .satisfies(failed -> assertThat(failed.code()).isEqualTo("redfish.protocol"));
    }

    @Test
    void aMonitorElsewhereIsLookedForHere() {
        place.answering(call ->
                call.method().equals("POST") && call.uri().getPath().endsWith("Reset")
                        ? Optional.of(
                                new Answer(
                                        202,
                                        Map.of(
                                                "Location",
                                                List.of("https://elsewhere.example/steal?x=1")),
                                        "{}"))
                        : Optional.empty());

        assertThat(
                        place.service()
                                .post(
                                        new Link(NODE_1 + "/Actions/ComputerSystem.Reset"),
                                        Map.of("ResetType", "On")))
                .contains(new Link("/steal?x=1"));
    }

    @Test
    void followsNoRedirection() {
        place.answering(call ->
                call.uri().getPath().equals(NODE_1)
                        ? Optional.of(
                                new Answer(
                                        302,
                                        Map.of("Location", List.of("https://elsewhere.example/")),
                                        ""))
                        : Optional.empty());

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> place.service().read(new Link(NODE_1)))
                .satisfies(failed -> assertThat(failed.code()).isEqualTo("redfish.protocol"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"PowerState\": 7}",
                "{\"PowerState\": [\"On\"]}",
                "{\"PowerState\": \"maybe\"}",
                "{\"PowerState\": null}"
            })
    void powerOfAnotherTypeIsNoPower(String body) {
        place.answering(call -> at(call.uri().getPath(), NODE_1, body));

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> place.controller("node-1").isOn())
                .satisfies(failed -> assertThat(failed.code()).isEqualTo("redfish.protocol"));
    }

    @Test
    void whatIsOfAnotherTypeIsLeftOut() {
        place.answering(call ->
                at(
                                call.uri().getPath(),
                                "/redfish/v1/Chassis/node-1/Sensors/Inlet",
                                """
                                {"Name": {"x": 1}, "Reading": "hot", "ReadingUnits": 5,
                                 "Status": "fine", "@odata.type": []}
                                """)
                        .or(() ->
                                at(
                                        call.uri().getPath(),
                                        NODE_1 + "/EthernetInterfaces/NIC1",
                                        "{\"PermanentMACAddress\": \"$(reboot)\", \"MACAddress\": 5}")));
        RedfishController controller = place.controller("node-1");

        SensorReading inlet = controller.sensors().getFirst();
        assertThat(inlet.value()).isEmpty();
        assertThat(inlet.health()).isEqualTo(SensorReading.Health.UNKNOWN);
        assertThat(controller.hardware().macs())
                .containsExactly(
                        place.redfish.look("node-1", s -> s.mac(2).toLowerCase(Locale.ROOT)));
        assertThat(controller.inventory().parts()).isNotEmpty();
    }

    @Test
    void textsAreCutAndCleaned() {
        String nasty = "a\\u001b[31m\\u0007\\u202e" + "b".repeat(5000);
        place.answering(call ->
                at(
                        call.uri().getPath(),
                        NODE_1,
                        "{\"PowerState\": \"On\", \"Manufacturer\": \"%s\"}".formatted(nasty)));

        String shown = place.controller("node-1").inventory().system().manufacturer().orElseThrow();

        assertThat(shown).startsWith("a [31m").hasSizeLessThanOrEqualTo(512);
        assertThat(shown.chars()).noneMatch(Character::isISOControl);
        assertThat(shown).doesNotContain("\u202e");
    }

    @Test
    void anErrorIsShownInPartsThatAreBounded() {
        StringBuilder infos = new StringBuilder();
        for (int i = 0; i < 500; i++) {
            infos.append(i == 0 ? "" : ",")
                    .append(
                            "{\"MessageId\": \"x.%d\", \"Message\": \"%s\"}"
                                    .formatted(i, "m".repeat(900)));
        }
        place.answering(
                NODE_1, 400, "{\"error\": {\"@Message.ExtendedInfo\": [%s]}}".formatted(infos));

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> place.service().read(new Link(NODE_1)))
                .satisfies(failed ->
                        assertThat(failed.problems().getFirst().detail()).hasSizeLessThan(10_000));
    }

    @Test
    void aTokenThatIsNoneGoesIntoNoHeader() {
        place.answering(call ->
                call.method().equals("POST")
                        ? Optional.of(
                                new Answer(
                                        201, Map.of("X-Auth-Token", List.of("a\r\nEvil: b")), "{}"))
                        : Optional.empty());

        try (RedfishService service = place.service()) {
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> service.read(new Link(NODE_1)))
                    .satisfies(failed -> assertThat(failed.code()).isEqualTo("redfish.protocol"));
        }
    }
}
