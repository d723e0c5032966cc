package dev.formwork.provider.gce;

import static dev.formwork.provider.tck.ProviderContract.anyToken;
import static dev.formwork.provider.tck.ProviderContract.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.google.cloud.compute.v1.AttachedDisk;
import com.google.cloud.compute.v1.AttachedDiskInitializeParams;
import com.google.cloud.compute.v1.InstanceProperties;
import com.google.cloud.compute.v1.InstanceTemplate;
import com.google.cloud.compute.v1.Items;
import com.google.cloud.compute.v1.Metadata;
import com.google.cloud.compute.v1.NetworkInterface;

import dev.formwork.model.MachineId;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.provider.BootToken;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.InstanceState;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.PowerControl;
import dev.formwork.provider.PowerState;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.tck.ProviderContract;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What is particular to Compute Engine.
class GceProviderIT implements ProviderContract {
    private final GceBench bench = new GceBench();

    @Override
    public GceBench bench() {
        return bench;
    }

    private static InstanceLifecycle lifecycle(Provider provider) {
        return provider.capability(InstanceLifecycle.class);
    }

    private Provider open() {
        return bench.open(ENGINE);
    }

    private InstanceRequest request(String name, Map<String, Value> more) {
        Map<String, Value> spec = new TreeMap<>(bench.spec().fields());
        more.forEach((key, value) -> {
            if (value instanceof Value.Null) {
                spec.remove(key);
            } else {
                spec.put(key, value);
            }
        });
        return new InstanceRequest(
                new MachineId("machine-of-" + name),
                name,
                new BootToken("boot-token"),
                Map.of("formwork/cluster", "demo"),
                Value.of(spec));
    }

    private com.google.cloud.compute.v1.Instance only() {
        assertThat(bench.project().instances()).hasSize(1);
        return bench.project().instances().getFirst();
    }

    private static String metadata(com.google.cloud.compute.v1.Instance instance, String key) {
        return instance.getMetadata().getItemsList().stream()
                .filter(item -> item.getKey().equals(key))
                .map(Items::getValue)
                .findFirst()
                .orElse("");
    }

    @Test
    void makesWhatTheSpecSays() {
        try (Provider provider = open()) {
            lifecycle(provider)
                    .create(
                            anyToken(),
                            request(
                                    "demo-web-1",
                                    Map.ofEntries(
                                            Map.entry("boot_disk_gb", Value.of(50)),
                                            Map.entry("boot_disk_type", Value.of("pd-ssd")),
                                            Map.entry(
                                                    "disks",
                                                    Value.of(
                                                            List.of(
                                                                    Value.of(
                                                                            Map.of(
                                                                                    "gb",
                                                                                    Value.of(
                                                                                            100)))))),
                                            Map.entry("subnetwork", Value.of("inner")),
                                            Map.entry("external_address", Value.of(true)),
                                            Map.entry("tags", Value.of(List.of(Value.of("web")))),
                                            Map.entry("service_account", Value.of("default")),
                                            Map.entry("spot", Value.of(true)),
                                            Map.entry("secure_boot", Value.of(false)),
                                            Map.entry("java", Value.of("/opt/java/bin/java")),
                                            Map.entry(
                                                    "metadata",
                                                    Value.of(
                                                            Map.of(
                                                                    "enable-oslogin",
                                                                    Value.of("TRUE")))))));
        }
        com.google.cloud.compute.v1.Instance made = only();
        assertThat(made.getName()).matches("demo-web-1-[0-9a-f]{20}");
        assertThat(made.getZone()).as("by the number in its name").endsWith("/europe-west3-b");
        assertThat(made.getMachineType()).isEqualTo("zones/europe-west3-b/machineTypes/e2-small");
        assertThat(made.getLabelsMap())
                .containsEntry("formwork-engine", "engine-one")
                .containsEntry("formwork-cluster", "demo");
        assertThat(made.getDisksList()).hasSize(2).allMatch(AttachedDisk::getAutoDelete);
        assertThat(bench.project().disks())
                .extracting(disk -> disk.getSizeGb())
                .containsExactly(50L, 100L);
        NetworkInterface card = made.getNetworkInterfaces(0);
        assertThat(card.getSubnetwork()).isEqualTo("regions/europe-west3/subnetworks/inner");
        assertThat(card.getAccessConfigsList()).hasSize(1);
        assertThat(made.getTags().getItemsList()).containsExactly("web");
        assertThat(made.getServiceAccounts(0).getScopesList())
                .containsExactly("https://www.googleapis.com/auth/cloud-platform");
        assertThat(made.getScheduling().getProvisioningModel()).isEqualTo("SPOT");
        assertThat(made.getScheduling().getInstanceTerminationAction()).isEqualTo("STOP");
        assertThat(made.getShieldedInstanceConfig().getEnableSecureBoot()).isFalse();
        assertThat(made.getShieldedInstanceConfig().getEnableVtpm()).isTrue();
        assertThat(made.getShieldedInstanceConfig().getEnableIntegrityMonitoring()).isTrue();
        assertThat(metadata(made, "enable-oslogin")).isEqualTo("TRUE");
        assertThat(metadata(made, "startup-script")).contains("boot-token", "/opt/java/bin/java");
    }

    @Test
    void aMachineMayDoNothingAndIsSeenByNobodyUnlessItIsSaid() {
        try (Provider provider = open()) {
            lifecycle(provider).create(anyToken(), anyRequest());
        }
        assertThat(only().getServiceAccountsList()).isEmpty();
        assertThat(only().getNetworkInterfaces(0).getAccessConfigsList()).isEmpty();
        assertThat(only().getShieldedInstanceConfig().getEnableSecureBoot()).isTrue();
    }

    @Test
    void goesByPublicAddressesWhereItIsTold() {
        bench.with("address", Value.of("public"));
        try (Provider provider = open()) {
            Instance made = lifecycle(provider).create(anyToken(), anyRequest());

            assertThat(made.address())
                    .isEqualTo(only().getNetworkInterfaces(0).getAccessConfigs(0).getNatIP());
        }
    }

    @Test
    void joinsATemplateAndWhatIsSaidBesideIt() {
        bench.project()
                .add(
                        InstanceTemplate.newBuilder()
                                .setName("plain")
                                .setProperties(
                                        InstanceProperties.newBuilder()
                                                .setMachineType("n2-standard-4")
                                                .putLabels("cost-centre", "42")
                                                .addNetworkInterfaces(
                                                        NetworkInterface.newBuilder()
                                                                .setNetwork("global/networks/own"))
                                                .addDisks(
                                                        AttachedDisk.newBuilder()
                                                                .setBoot(true)
                                                                .setInitializeParams(
                                                                        AttachedDiskInitializeParams
                                                                                .newBuilder()
                                                                                .setSourceImage(
                                                                                        "global/images/own")))
                                                .setMetadata(
                                                        Metadata.newBuilder()
                                                                .addItems(
                                                                        Items.newBuilder()
                                                                                .setKey("theirs")
                                                                                .setValue("kept"))
                                                                .addItems(
                                                                        Items.newBuilder()
                                                                                .setKey(
                                                                                        "startup-script")
                                                                                .setValue(
                                                                                        "not this"))))
                                .build());
        InstanceRequest request =
                request(
                        "demo-web-0",
                        Map.of(
                                "template", Value.of("plain"),
                                "machine_type", new Value.Null(),
                                "image_family", new Value.Null(),
                                "image_project", new Value.Null()));
        try (Provider provider = open()) {
            Instance made = lifecycle(provider).create(anyToken(), request);

            assertThat(only().getMachineType()).endsWith("/n2-standard-4");
            assertThat(only().getNetworkInterfaces(0).getNetwork())
                    .isEqualTo("global/networks/own");
            assertThat(only().getLabelsMap())
                    .containsEntry("cost-centre", "42")
                    .containsKey("formwork-token");
            assertThat(metadata(only(), "theirs")).isEqualTo("kept");
            assertThat(metadata(only(), "startup-script")).contains("boot-token");
            assertThat(bench.project().disks().getFirst().getLabelsMap())
                    .containsKey("formwork-token");
            lifecycle(provider).delete(anyToken(), made.ref());
            assertThat(bench.remainsOf(request.machine())).isEmpty();
        }
    }

    @Test
    void listsThroughManyPagesAndAllZones() {
        bench.with("zones", Value.of(ComputeProject.ZONES.stream().<Value>map(Value::of).toList()));
        List<InstanceRef> made = new ArrayList<>();
        try (Provider provider = open()) {
            for (int i = 0; i < 8; i++) {
                made.add(
                        lifecycle(provider)
                                .create(anyToken(), request("demo-web-" + i, Map.of()))
                                .ref());
            }
            assertThat(lifecycle(provider).list())
                    .extracting(Instance::ref)
                    .containsExactlyInAnyOrderElementsOf(made);
        }
        assertThat(bench.project().instances())
                .extracting(each -> Place.lastPart(each.getZone()))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(ComputeProject.ZONES.stream(), ComputeProject.ZONES.stream())
                                .toList());
    }

    @Test
    void aZoneThatIsNotReachedIsNotEmpty() {
        try (Provider provider = open()) {
            lifecycle(provider).create(anyToken(), anyRequest());
            bench.project().unreachable("us-east1-b");

            assertRefused(ProviderCode.UNAVAILABLE, () -> lifecycle(provider).list());
        }
    }

    @Test
    void aRepeatIsTheSameInstanceThoughNoListShowsItYet() {
        bench.project().hideFromLists(4);
        OperationToken token = anyToken();
        InstanceRequest request = anyRequest();
        try (Provider provider = open()) {
            InstanceRef made = lifecycle(provider).create(token, request).ref();

            assertThat(lifecycle(provider).create(token, request).ref()).isEqualTo(made);
            assertRefused(
                    ProviderCode.CONFLICT, () -> lifecycle(provider).create(anyToken(), request));
            assertRefused(
                    ProviderCode.CONFLICT, () -> lifecycle(provider).create(token, anyRequest()));
            assertThat(only().getName()).isNotEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "QUOTA_EXCEEDED, provider.quota",
        "ZONE_RESOURCE_POOL_EXHAUSTED, provider.quota",
        "ZONE_RESOURCE_POOL_EXHAUSTED_WITH_DETAILS, provider.quota",
        "IP_SPACE_EXHAUSTED_WITH_DETAILS, provider.quota",
        "PERMISSIONS_ERROR, provider.credentials",
        "RESOURCE_NOT_FOUND, provider.invalid-spec",
        "UNSUPPORTED_OPERATION, provider.invalid-spec",
        "RATE_LIMIT_EXCEEDED, provider.throttled",
        "INTERNAL_ERROR, provider.unavailable"
    })
    void whatAnOperationFailsWithHasItsCodeAndARepeatMayDoBetter(String word, String code) {
        OperationToken token = anyToken();
        InstanceRequest request = anyRequest();
        try (Provider provider = open()) {
            bench.project().failNext(word, "in Google's own words");

            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> lifecycle(provider).create(token, request))
                    .satisfies(failed -> assertThat(failed.code()).isEqualTo(code))
                    .withMessageContaining("in Google's own words");

            // Google has the failure under the id of the first request.
            assertThat(lifecycle(provider).create(token, request).state())
                    .isEqualTo(InstanceState.RUNNING);
            assertThat(lifecycle(provider).list()).hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"machine_type, e2-none", "image_family, none", "zone, europe-west9-z"})
    void whatThePlaceDoesNotKnowIsTheSpecs(String key, String value) {
        InstanceRequest request = request("demo-web-0", Map.of(key, Value.of(value)));
        try (Provider provider = open()) {
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> lifecycle(provider).create(anyToken(), request))
                    .satisfies(failed ->
                            assertThat(failed.code()).isEqualTo(ProviderCode.INVALID_SPEC.code()))
                    .withMessageContaining(value);
            assertThat(bench.remainsOf(request.machine())).isEmpty();
        }
    }

    @Test
    void aDiskThatIsLeftIsShownAndRemoved() {
        InstanceRequest request = anyRequest();
        try (Provider provider = open()) {
            InstanceRef ref = lifecycle(provider).create(anyToken(), request).ref();
            com.google.cloud.compute.v1.Instance made = only();
            bench.project().keepDisks(true);
            bench.project().remove("europe-west3-a", made.getName());
            assertThat(bench.remainsOf(request.machine())).hasSize(1);

            assertThat(lifecycle(provider).list())
                    .extracting(Instance::ref, Instance::state, Instance::machine)
                    .containsExactly(tuple(ref, InstanceState.DELETING, request.machine()));
            assertThat(lifecycle(provider).find(ref).map(Instance::state))
                    .contains(InstanceState.DELETING);
            assertRefused(
                    ProviderCode.CONFLICT, () -> lifecycle(provider).create(anyToken(), request));

            lifecycle(provider).delete(anyToken(), ref);

            assertThat(lifecycle(provider).list()).isEmpty();
            assertThat(bench.remainsOf(request.machine())).isEmpty();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "compute.instances.preempted, LOST",
        "compute.instances.guestTerminate, LOST",
        "compute.instances.hostError, LOST",
        "stop, OFF"
    })
    void whatWentOffUnaskedIsLost(String operation, PowerState expected) {
        try (Provider provider = open()) {
            PowerControl power = provider.capability(PowerControl.class);
            InstanceRef ref =
                    lifecycle(provider)
                            .create(
                                    anyToken(),
                                    request("demo-web-0", Map.of("spot", Value.of(true))))
                            .ref();
            bench.project().goOff("europe-west3-a", only().getName(), operation);

            assertThat(power.power(ref)).isEqualTo(expected);

            power.powerOn(anyToken(), ref);
            assertThat(power.power(ref)).isEqualTo(PowerState.ON);
        }
    }

    @Test
    void theLastOperationIsTheLastInTimeAndNotInText() {
        try (Provider provider = open()) {
            PowerControl power = provider.capability(PowerControl.class);
            InstanceRef ref = lifecycle(provider).create(anyToken(), anyRequest()).ref();
            String name = only().getName();
            bench.project()
                    .goOff(
                            "europe-west3-a",
                            name,
                            "compute.instances.preempted",
                            "2100-11-07T01:10:00.000-08:00");
            bench.project().goOff("europe-west3-a", name, "stop", "2100-11-07T01:30:00.000-07:00");

            assertThat(power.power(ref)).isEqualTo(PowerState.LOST);
        }
    }

    @Test
    void whatGoogleRemembersNoMoreIsOffAndCanBeSwitchedOn() {
        try (Provider provider = open()) {
            PowerControl power = provider.capability(PowerControl.class);
            InstanceRef ref = lifecycle(provider).create(anyToken(), anyRequest()).ref();
            bench.project()
                    .goOff("europe-west3-a", only().getName(), "compute.instances.preempted");
            bench.project().forgetOperations();

            assertThat(power.power(ref)).isEqualTo(PowerState.OFF);
            power.powerOff(anyToken(), ref);
            assertThat(power.power(ref)).isEqualTo(PowerState.OFF);
            power.powerOn(anyToken(), ref);
            assertThat(power.power(ref)).isEqualTo(PowerState.ON);
        }
    }

    @Test
    void anOperationThatGoogleForgetsIsNoRefusal() {
        bench.project().hideOperations();
        InstanceRequest request = anyRequest();
        OperationToken token = anyToken();
        try (Provider provider = open()) {
            Instance made = lifecycle(provider).create(token, request);
            assertThat(made.state()).isEqualTo(InstanceState.STARTING);
            assertThat(lifecycle(provider).create(token, request).ref()).isEqualTo(made.ref());

            // It is asked for once more, and looked at in between: Google says nothing of either.
            assertRefused(
                    ProviderCode.UNAVAILABLE,
                    () -> lifecycle(provider).delete(anyToken(), made.ref()));
            assertThat(lifecycle(provider).find(made.ref())).isPresent();
            bench.project().remove("europe-west3-a", only().getName());
            lifecycle(provider).delete(anyToken(), made.ref());
            assertThat(lifecycle(provider).list()).isEmpty();
        }
    }

    @Test
    void aSwitchOfWhichGoogleSaysNothingIsNotTakenForDone() {
        try (Provider provider = open()) {
            PowerControl power = provider.capability(PowerControl.class);
            InstanceRef ref = lifecycle(provider).create(anyToken(), anyRequest()).ref();
            bench.project().hideOperations();

            assertRefused(ProviderCode.UNAVAILABLE, () -> power.powerOff(anyToken(), ref));
        }
    }

    @Test
    void whatIsLostCanBeSwitchedOffForGood() {
        try (Provider provider = open()) {
            PowerControl power = provider.capability(PowerControl.class);
            InstanceRef ref =
                    lifecycle(provider).create(anyToken(), request("demo-web-0", Map.of())).ref();
            bench.project()
                    .goOff("europe-west3-a", only().getName(), "compute.instances.preempted");

            power.powerOff(anyToken(), ref);

            assertThat(power.power(ref)).isEqualTo(PowerState.OFF);
        }
    }

    @Test
    void aProjectThatIsNotThereIsNotAnEmptyOne() {
        InstanceRef ref;
        try (Provider provider = open()) {
            ref = lifecycle(provider).create(anyToken(), anyRequest()).ref();
        }
        bench.with("project", Value.of("other-project"));
        try (Provider provider = open()) {
            assertRefused(ProviderCode.CREDENTIALS, () -> lifecycle(provider).find(ref));
            assertRefused(
                    ProviderCode.CREDENTIALS, () -> lifecycle(provider).delete(anyToken(), ref));
            assertRefused(ProviderCode.CREDENTIALS, () -> lifecycle(provider).list());
        }
    }

    @Test
    void anInstanceThatHasLostItsMetadataIsNotGone() {
        try (Provider provider = open()) {
            InstanceRef ref = lifecycle(provider).create(anyToken(), anyRequest()).ref();
            bench.project().forgetMetadata("europe-west3-a", only().getName());

            for (ThrowingCallable look :
                    List.<ThrowingCallable>of(
                            () -> lifecycle(provider).list(),
                            () -> lifecycle(provider).find(ref))) {
                assertThatExceptionOfType(ProblemException.class)
                        .isThrownBy(look)
                        .satisfies(e -> assertThat(e.code()).isEqualTo("gce.damaged-marks"));
            }
        }
    }

    @Test
    void takesTheProjectOfTheKeyWhereNoneIsSaid() {
        bench.without("project");
        try (Provider provider = open()) {
            assertThat(lifecycle(provider).list()).isEmpty();
        }
    }

    @Test
    void asksForANewTokenWhereTheOldOneCountsNoMore() {
        try (Provider provider = open()) {
            lifecycle(provider).create(anyToken(), anyRequest());
            bench.compute.tokens().revokeAll();

            assertThat(lifecycle(provider).list()).hasSize(1);
        }
    }

    @Test
    void opensThoughItsKeyIsNotThereYet() {
        bench.with("credentials_file", Value.of("no-such-file.json"));
        try (Provider provider = open()) {
            assertRefused(ProviderCode.CREDENTIALS, () -> lifecycle(provider).list());
        }
    }

    @Test
    void endpointsWithoutCredentialsAreAskedWithoutAny() {
        bench.without("credentials_file").with("credentials", Value.of("none"));
        try (Provider provider = open()) {
            assertRefused(ProviderCode.CREDENTIALS, () -> lifecycle(provider).list());
            bench.compute.tokens().acceptAnybody();
            assertThat(lifecycle(provider).list()).isEmpty();
        }
    }
}
