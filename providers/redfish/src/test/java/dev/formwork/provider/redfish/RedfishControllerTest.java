package dev.formwork.provider.redfish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.provider.BootDevice;
import dev.formwork.provider.FirmwareComponent;
import dev.formwork.provider.FirmwareUpdate;
import dev.formwork.provider.HardwareEvent;
import dev.formwork.provider.Identify;
import dev.formwork.provider.MachineInventory;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.SensorReading;
import dev.formwork.provider.bmc.BootOverride;
import dev.formwork.provider.bmc.MarkPlace;
import dev.formwork.provider.redfish.InMemoryRedfish.Trait;
import dev.formwork.provider.redfish.client.Answer;
import dev.formwork.provider.redfish.client.Quirk;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// One controller, at services that differ from each other.
class RedfishControllerTest {
    private static final String NODE_1 = "/redfish/v1/Systems/node-1";
    private static final URI IMAGE = URI.create("https://images.example/rescue.iso");

    private final WithoutNetwork place = new WithoutNetwork(2);
    private final RedfishController controller = place.controller("node-1");

    private String now(Function<InMemorySystem, @Nullable Object> look) {
        return place.redfish.look("node-1", look);
    }

    private static void assertFails(String code, ThrowingCallable call) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(call)
                .satisfies(failed -> assertThat(failed.code()).isEqualTo(code));
    }

    private static BootOverride always(BootDevice device) {
        return new BootOverride(device, true, true);
    }

    @ParameterizedTest
    @EnumSource
    void worksWithServicesOfEveryKind(Trait trait) {
        place.redfish.traits.add(trait);
        if (trait == Trait.WHOLE_BOOT) {
            place.redfish.change("node-1", system -> system.manufacturer = "Supermicro");
        }

        controller.bootFrom(always(BootDevice.NETWORK));
        controller.switchOn();
        controller.switchOn();
        assertThat(controller.isOn()).isTrue();
        controller.bootFrom(new BootOverride(BootDevice.DISK, false, true));
        controller.reset();
        controller.drive().insert(IMAGE);
        assertThat(controller.drive().inserted()).contains(IMAGE);
        controller.identify(Identify.LONGEST);
        assertThat(now(system -> system.located)).isEqualTo("true");
        controller.identify(Duration.ZERO);
        controller.pressPowerButton();
        assertThat(controller.isOn()).isFalse();
        controller.switchOff();
        controller.bootByItself();

        assertThat(now(system -> system.boots)).isEqualTo("[Pxe, Hdd]");
        assertThat(now(system -> system.located)).isEqualTo("false");
        assertThat(now(system -> system.enabled)).isEqualTo("Disabled");
        assertThat(now(system -> system.image)).isEqualTo("null");
        assertThat(place.redfish.look("node-2", system -> system.resets)).isEqualTo("[]");
        assertThat(controller.sensors())
                .extracting(SensorReading::name)
                .contains("Inlet Temp", "Fan 1");
    }

    @Test
    void takesTheFirstResetThatIsOffered() {
        controller.switchOn();
        controller.reset();
        controller.pressPowerButton();
        controller.switchOn();
        controller.switchOff();

        assertThat(now(system -> system.resets))
                .isEqualTo("[On, ForceRestart, GracefulShutdown, On, ForceOff]");
    }

    @Test
    void pressesTheButtonWhereNothingElseIsOffered() {
        offering("[\"PushPowerButton\"]");

        controller.switchOn();

        assertThat(now(system -> system.resets)).isEqualTo("[PushPowerButton]");
    }

    /// The first press is done, and its answer lost: a second one would switch the node off again.
    @Test
    void pressesTheButtonOnlyOnce() {
        place.answering(call -> {
            if (call.reads() && call.uri().getPath().equals(NODE_1)) {
                return Optional.of(system("Off", "[\"PushPowerButton\"]"));
            }
            if (call.uri().getPath().endsWith("ComputerSystem.Reset")) {
                place.redfish.change("node-1", system -> system.reset("PushPowerButton"));
                throw ProviderCode.TIMEOUT.problem("no answer", null);
            }
            return Optional.empty();
        });

        controller.switchOn();

        assertThat(now(system -> system.resets)).isEqualTo("[PushPowerButton]");
        assertThat(now(system -> system.power)).isEqualTo("On");
    }

    @Test
    void leavesTheButtonAloneWhileTheSystemDoesWhatItWasToldBefore() {
        place.answering(call ->
                call.reads() && call.uri().getPath().equals(NODE_1)
                        ? Optional.of(system("PoweringOff", "[\"PushPowerButton\"]"))
                        : Optional.empty());

        controller.pressPowerButton();

        assertThat(now(system -> system.resets)).isEqualTo("[]");
    }

    @Test
    void theButtonIsNoWayToTakeThePowerAway() {
        place.answering(call ->
                call.reads() && call.uri().getPath().equals(NODE_1)
                        ? Optional.of(system("On", "[\"PushPowerButton\"]"))
                        : Optional.empty());

        assertFails("provider.unsupported", controller::switchOff);
        assertThat(now(system -> system.resets)).isEqualTo("[]");
    }

    @Test
    void refusesAResetThatIsNotOffered() {
        offering("[\"On\"]");

        assertFails("provider.unsupported", controller::reset);
    }

    private void offering(String values) {
        place.answering(call ->
                call.reads() && call.uri().getPath().equals(NODE_1)
                        ? Optional.of(system("Off", values))
                        : Optional.empty());
    }

    private static Answer system(String power, String resets) {
        return new Answer(
                200,
                Map.of(),
                """
                {"PowerState": "%s", "Actions": {"#ComputerSystem.Reset": {
                 "target": "%s/Actions/ComputerSystem.Reset",
                 "ResetType@Redfish.AllowableValues": %s}}}
                """
                        .formatted(power, NODE_1, resets));
    }

    @Test
    void bootsAsABiosAndByHttpWhereThatIsWished() {
        controller.bootFrom(new BootOverride(BootDevice.NETWORK, false, false));
        assertThat(now(system -> system.target + system.enabled + system.mode))
                .isEqualTo("PxeOnceLegacy");

        RedfishController byHttp =
                new RedfishController(place.system("node-1"), true, true, WithoutNetwork.NEVER);
        byHttp.bootFrom(always(BootDevice.NETWORK));
        assertThat(now(system -> system.target + system.enabled + system.mode))
                .isEqualTo("UefiHttpContinuousUEFI");
    }

    @Test
    void sendsOnlyWhatIsOtherwise() {
        controller.bootFrom(always(BootDevice.NETWORK));
        controller.bootFrom(always(BootDevice.NETWORK));
        controller.bootFrom(always(BootDevice.DISK));

        assertThat(bodies("PATCH"))
                .containsExactly(
                        "{\"Boot\":{\"BootSourceOverrideTarget\":\"Pxe\",\"BootSourceOverrideEnabled\":\"Continuous\"}}",
                        "{\"Boot\":{\"BootSourceOverrideTarget\":\"Hdd\"}}");
    }

    private List<String> bodies(String method) {
        List<String> bodies = new ArrayList<>();
        place.redfish.requests.stream()
                .filter(each -> each.method().equals(method))
                .forEach(each -> bodies.add(each.body()));
        return bodies;
    }

    @Test
    void knowsAVendorsQuirksByItsName() {
        assertThat(Quirk.of("Supermicro", "X11"))
                .isEqualTo(Set.of(Quirk.WHOLE_BOOT_OVERRIDE, Quirk.CD_IS_USB));
        assertThat(Quirk.of("Super Micro Computer", "X11")).isEmpty();
        assertThat(Quirk.of("Supermicro", "ARS-111GL-NHR"))
                .isEqualTo(Set.of(Quirk.WHOLE_BOOT_OVERRIDE));
        assertThat(Quirk.of("American Megatrends International", ""))
                .isEqualTo(Set.of(Quirk.WHOLE_BOOT_OVERRIDE));
        assertThat(Quirk.of("Miami Servers", "")).isEmpty();
        assertThat(EnumSet.allOf(Quirk.class))
                .allSatisfy(each -> assertThat(each.words()).isNotNull());
    }

    @Test
    void findsOutByWhichCardsTheNodeIsKnown() {
        assertThat(controller.hardware().macs())
                .containsExactly("52:54:00:12:01:01", "52:54:00:12:02:01");
    }

    @Test
    void saysWhatTheSystemIsMadeOf() {
        MachineInventory found = controller.inventory();

        assertThat(found.system().serial()).contains("SN-node-1");
        assertThat(found.parts())
                .extracting(part -> part.kind() + " " + part.name())
                .containsExactly(
                        "chassis Computer System Chassis",
                        "controller Manager",
                        "processor CPU1",
                        "processor CPU2",
                        "memory DIMM_A1",
                        "network Ethernet Interface",
                        "network Ethernet Interface",
                        "disk Drive Sample",
                        "serial-console SSH port 22");
        assertThat(found.firmware())
                .extracting(MachineInventory.Firmware::name)
                .containsExactly("BIOS", "BMC", "Drive Sample");
    }

    @Test
    void readsSensorsAndWhatTheirStateIs() {
        List<SensorReading> sensors = controller.sensors();

        assertThat(sensors).extracting(SensorReading::unit).containsExactly("°C", "RPM", "");
        assertThat(sensors.get(0).value()).hasValue(24.5);
        assertThat(sensors.get(1).health()).isEqualTo(SensorReading.Health.CRITICAL);
        assertThat(sensors.get(2).value()).isEmpty();
        assertThat(sensors.get(2).state()).isEqualTo("Absent");
    }

    @Test
    void readsTheNewestEventsOverAllPages() {
        place.redfish.pageSize = 3;
        place.redfish.change(
                "node-1",
                system -> {
                    for (int i = 0; i < 10; i++) {
                        system.log.add("Event " + i);
                    }
                });

        assertThat(controller.events(4))
                .extracting(HardwareEvent::message)
                .containsExactly("Event 6", "Event 7", "Event 8", "Event 9");
        assertThat(controller.events(100)).hasSize(12);
    }

    @Test
    void updatesOnlyItsOwnSystemsFirmware() {
        assertThat(controller.firmware().components())
                .extracting(FirmwareComponent::id)
                .containsExactlyInAnyOrder("BIOS-node-1", "BMC-node-1");

        FirmwareUpdate update =
                controller
                        .firmware()
                        .update(URI.create("http://images.example/bmc-9.img"), Set.of());
        assertThat(update.state()).isEqualTo(FirmwareUpdate.State.RUNNING);
        assertThat(controller.firmware().progress(update.id()).state())
                .isEqualTo(FirmwareUpdate.State.DONE);

        assertThat(now(system -> system.firmware.get("BMC"))).isEqualTo("9");
        assertThat(place.redfish.look("node-2", system -> system.firmware.get("BMC")))
                .isNotEqualTo("9");
    }

    @Test
    void anUpdateThatFailsSaysWhy() {
        place.redfish.updatesFail = true;
        FirmwareUpdate update =
                controller
                        .firmware()
                        .update(URI.create("http://images.example/bmc-9.img"), Set.of());

        FirmwareUpdate end = controller.firmware().progress(update.id());

        assertThat(end.state()).isEqualTo(FirmwareUpdate.State.FAILED);
        assertThat(String.join(" ", end.messages())).contains("in use or in transition");
    }

    @Test
    void aSettingOfTheBiosOfAnotherTypeIsRefused() {
        assertFails(
                "provider.conflict",
                () -> controller.firmware().setBios(Map.of("Turbo", Value.of("yes"))));
    }

    @Test
    void keepsAMarkAndGivesTheTagBack() {
        place.redfish.change("node-1", system -> system.assetTag = "Chicago-45Z");
        MarkPlace mark = controller.markPlace().orElseThrow();

        assertThat(mark.read()).isEqualTo("Chicago-45Z");
        mark.write("formwork:one");
        assertThat(now(system -> system.assetTag)).isEqualTo("formwork:one");
        mark.write("");
        assertThat(mark.read()).isEmpty();
    }

    @Test
    void aTagThatMayNotBeChangedMarksNothing() {
        place.answering(call ->
                call.method().equals("PATCH")
                        ? Optional.of(new Answer(400, Map.of(), "{}"))
                        : Optional.empty());

        controller.markPlace().orElseThrow().write("formwork:one");

        assertThat(controller.markPlace().orElseThrow().read()).isEmpty();
    }

    @Test
    void wantsToKnowWhichOfSeveralSystems() {
        RedfishController any =
                new RedfishController(
                        new ManagedSystem(place.service(), Optional.empty()),
                        false,
                        true,
                        WithoutNetwork.NEVER);

        assertFails("redfish.missing", any::isOn);
        assertFails("redfish.missing", () -> place.controller("node-3").isOn());
    }

    @Test
    void putsTheLightOutAfterAWhile() {
        List<Runnable> later = new ArrayList<>();
        RedfishController timed =
                new RedfishController(
                        place.system("node-1"),
                        false,
                        true,
                        new Later() {
                            @Override
                            public void run(Duration after, Runnable work) {
                                later.add(work);
                            }

                            @Override
                            public void close() {}
                        });

        timed.identify(Duration.ofSeconds(15));
        assertThat(now(system -> system.located)).isEqualTo("true");
        later.forEach(Runnable::run);

        assertThat(now(system -> system.located)).isEqualTo("false");
    }
}
