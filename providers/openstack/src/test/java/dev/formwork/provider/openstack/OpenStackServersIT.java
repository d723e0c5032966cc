package dev.formwork.provider.openstack;

import static dev.formwork.provider.tck.ProviderContract.ENGINE;
import static dev.formwork.provider.tck.ProviderContract.anyToken;
import static dev.formwork.provider.tck.ProviderContract.assertRefused;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.MachineId;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.provider.BootToken;
import dev.formwork.provider.Console;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.InstanceState;
import dev.formwork.provider.PowerControl;
import dev.formwork.provider.PowerState;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.tck.ExampleMachines;
import dev.formwork.testkit.TestKeys;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;

/// What is particular to OpenStack, over HTTP.
class OpenStackServersIT {
    private static final String DEBIAN = "0c9e9f4e-0000-4000-8000-00000000000";

    private OpenStackBench bench = new OpenStackBench();

    @TempDir private Path folder;

    @AfterEach
    void close() {
        bench.close();
    }

    private static InstanceLifecycle lifecycle(Provider provider) {
        return provider.capability(InstanceLifecycle.class);
    }

    private InstanceRequest request() {
        return new InstanceRequest(
                new MachineId("m-" + UUID.randomUUID()),
                "demo-members-1",
                new BootToken("boot-token"),
                Map.of("formwork/cluster", "demo"),
                bench.spec());
    }

    private Instance made(Provider provider) {
        return lifecycle(provider).create(anyToken(), request());
    }

    private void assertNothingIsLeft() {
        assertThat(bench.cloud.wishes()).isEmpty();
        assertThat(bench.cloud.ports()).isEmpty();
        assertThat(bench.cloud.floatingAddresses()).isEmpty();
        assertThat(bench.cloud.serverGroups()).isEmpty();
    }

    @Test
    void asksForTheServerThatTheSpecSays() {
        bench.with("zones", Value.of(List.of(Value.of("az-a"), Value.of("az-b"))))
                .with("key_pair", Value.of("ops"))
                .with("volume", Value.of(20))
                .with("volume_type", Value.of("fast"))
                .with("config_drive", Value.of(true))
                .with("security_groups", Value.of(List.of(Value.of("web"))));
        try (Provider provider = bench.open(ENGINE)) {
            made(provider);
        }
        ObjectNode wish = bench.cloud.wishes().getFirst();
        assertThat(wish.path("availability_zone").asString()).isEqualTo("az-b");
        assertThat(wish.path("key_name").asString()).isEqualTo("ops");
        assertThat(wish.path("config_drive").booleanValue()).isTrue();
        assertThat(wish.has("imageRef")).isFalse();
        assertThat(wish.path("block_device_mapping_v2").path(0).toString())
                .contains("\"uuid\":\"" + DEBIAN + "2\"", "\"volume_size\":20")
                .contains("\"delete_on_termination\":true", "\"volume_type\":\"fast\"");
        assertThat(
                        new String(
                                Base64.getDecoder().decode(wish.path("user_data").asString()),
                                StandardCharsets.UTF_8))
                .startsWith("#!/bin/sh");
        assertThat(bench.cloud.ports().getFirst().path("security_groups").path(0).asString())
                .isEqualTo("sg-1");
    }

    @Test
    void theMachinesOfTheExamplesAreSpecs() throws IOException {
        List<Value.Struct> machines = ExampleMachines.of("openstack.yaml", "stack");
        for (Value.Struct machine : machines) {
            ServerSpec spec =
                    ServerSpec.read(
                            "stack",
                            new InstanceRequest(
                                    new MachineId("m-1"),
                                    "example-members-0",
                                    new BootToken("boot-token"),
                                    Map.of(),
                                    machine));
            assertThat(spec.image()).contains("debian-12");
        }
        assertThat(machines).hasSize(2);
    }

    @Test
    void takesTheNewestActiveImageOfANameOrWithProperties() {
        try (Provider provider = bench.open(ENGINE)) {
            made(provider);
            bench.without("image")
                    .with("image_properties", Value.of(Map.of("os", Value.of("debian"))));
            made(provider);
            bench.without("image_properties").with("image", Value.of(DEBIAN + "1"));
            made(provider);
        }
        assertThat(bench.cloud.wishes())
                .extracting(wish -> wish.path("imageRef").asString())
                .containsExactly(DEBIAN + "2", DEBIAN + "2", DEBIAN + "1");
    }

    @Test
    void tellsAllThatTheCloudDoesNotHave() {
        bench.with("image", Value.of("plan9"))
                .with("flavor", Value.of("huge"))
                .with("network", Value.of("twice"))
                .with("key_pair", Value.of("nobody's"))
                .with("server_group", Value.of("none"))
                .with("security_groups", Value.of(List.of(Value.of("none"))));
        try (Provider provider = bench.open(ENGINE)) {
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> made(provider))
                    .satisfies(failed ->
                            assertThat(failed.problems())
                                    .hasSize(6)
                                    .extracting(Problem::code)
                                    .containsOnly("provider.invalid-spec"));
        }
        assertNothingIsLeft();
    }

    @Test
    void aNovaWithoutTagsWillDo() {
        bench.cloud.speaks(25);
        bench.with("server_group", Value.of("apart"))
                .with("server_group_policy", Value.of("anti-affinity"));
        try (Provider provider = bench.open(ENGINE)) {
            Instance first = made(provider);
            Instance second = made(provider);
            assertThat(lifecycle(provider).list())
                    .extracting(Instance::ref)
                    .containsExactlyInAnyOrder(first.ref(), second.ref());
            lifecycle(provider).delete(anyToken(), first.ref());
            assertThat(lifecycle(provider).find(second.ref())).isPresent();
            lifecycle(provider).delete(anyToken(), second.ref());
        }
        assertNothingIsLeft();
    }

    @Test
    void aServerThatNovaDoesNotShowAtOnceIsNotMadeTwice() {
        bench.cloud.hideServersFor(4);
        try (Provider provider = bench.open(ENGINE)) {
            made(provider);
        }
        assertThat(bench.cloud.wishes()).hasSize(1);
    }

    @Test
    void aServerOfACellThatIsDownIsNotTakenForGone() {
        try (Provider provider = bench.open(ENGINE)) {
            InstanceRef ref = made(provider).ref();
            provider.capability(PowerControl.class).powerOn(anyToken(), ref);
            bench.cloud.cellDown(true);
            assertRefused(ProviderCode.UNAVAILABLE, () -> lifecycle(provider).list());
            assertRefused(ProviderCode.UNAVAILABLE, () -> lifecycle(provider).find(ref));
            bench.cloud.cellDown(false);
            assertThat(lifecycle(provider).find(ref)).isPresent();
        }
    }

    @Test
    void whatIsLeftOfAServerThatSomebodyRemovedIsShownAndRemoved() {
        bench.with("floating_network", Value.of("public"));
        try (Provider provider = bench.open(ENGINE)) {
            made(provider);
            bench.cloud.vanishAll();

            Instance left = lifecycle(provider).list().getFirst();

            assertThat(left.state()).isEqualTo(InstanceState.DELETING);
            lifecycle(provider).delete(anyToken(), left.ref());
        }
        assertNothingIsLeft();
    }

    @Test
    void whatCannotBeBuiltIsRemovedAndSaysWhy() {
        bench.with("floating_network", Value.of("public"));
        try (Provider provider = bench.open(ENGINE)) {
            bench.cloud.failNextBuild(
                    "No valid host was found. There are not enough hosts available.");
            assertRefused(ProviderCode.QUOTA, () -> made(provider));
            assertNothingIsLeft();
            bench.cloud.failNextBuild("Volume could not be attached");
            assertRefused(ProviderCode.UNAVAILABLE, () -> made(provider));
            assertNothingIsLeft();
        }
    }

    /// Whoever has settled on another server under the token, and did not see this one yet.
    @Test
    void aServerWhosePortAnotherCallerHasRemovedIsMadeAnew() {
        try (Provider provider = bench.open(ENGINE)) {
            bench.cloud.loseNextPort();
            Instance made = made(provider);

            assertThat(made.state()).isIn(InstanceState.STARTING, InstanceState.RUNNING);
            assertThat(lifecycle(provider).list()).hasSize(1);
            lifecycle(provider).delete(anyToken(), made.ref());
        }
        assertNothingIsLeft();
    }

    @Test
    void whatIsOutOfQuotaLeavesNothing() {
        bench.with("floating_network", Value.of("public"));
        try (Provider provider = bench.open(ENGINE)) {
            bench.cloud.mostFloatingAddresses(0);
            assertRefused(ProviderCode.QUOTA, () -> made(provider));
            assertNothingIsLeft();
            bench.cloud.mostServers(0);
            assertRefused(ProviderCode.QUOTA, () -> made(provider));
            assertNothingIsLeft();
        }
    }

    @Test
    void aGroupForAServerThatDidNotComeToBeGoesToo() {
        bench.with("server_group", Value.of("apart"))
                .with("server_group_policy", Value.of("anti-affinity"));
        bench.cloud.mostServers(0);
        try (Provider provider = bench.open(ENGINE)) {
            assertRefused(ProviderCode.QUOTA, () -> made(provider));
        }
        assertNothingIsLeft();
    }

    @Test
    void aHostThatTurnsOutToBeFullIsAQuota() {
        try (Provider provider = bench.open(ENGINE)) {
            bench.cloud.failNextBuild(
                    "Exceeded maximum number of retries. Exhausted all hosts available for"
                            + " retrying build failures for instance 1.");
            assertRefused(ProviderCode.QUOTA, () -> made(provider));
        }
        assertNothingIsLeft();
    }

    @Test
    void whatIsLookedUpIsLookedUpOnceForAllMachinesOfAGroup() {
        bench.with("security_groups", Value.of(List.of(Value.of("web"))))
                .with("key_pair", Value.of("ops"))
                .with("floating_network", Value.of("public"));
        List<String> first;
        try (Provider provider = bench.open(ENGINE)) {
            made(provider);
            first = bench.cloud.calls();
            for (int i = 0; i < 10; i++) {
                made(provider);
            }
        }
        List<String> others = bench.cloud.calls().subList(first.size(), bench.cloud.calls().size());
        assertThat(first)
                .contains(
                        "GET /compute/v2.1/flavors",
                        "GET /compute/v2.1/os-keypairs/ops",
                        "GET /image/v2/images",
                        "GET /network/v2.0/networks",
                        "GET /network/v2.0/security-groups");
        assertThat(others)
                .as("ports and servers are looked for, some of them in pages")
                .allMatch(call ->
                        call.matches(
                                "(GET|POST) /(network/v2.0/(ports|floatingips)|compute/v2.1/servers.*)"));
        assertThat(others.stream().filter(call -> !call.equals("GET /network/v2.0/ports")))
                .as(
                        "server: looked for twice, made, asked for until it has a host;"
                                + " address: looked for, made; port: made")
                .hasSizeLessThanOrEqualTo(80);
    }

    @Test
    void aNetworkThatIsNotExternalGivesNoFloatingAddress() {
        bench.with("floating_network", Value.of("private"));
        try (Provider provider = bench.open(ENGINE)) {
            assertRefused(ProviderCode.INVALID_SPEC, () -> made(provider));
        }
        assertNothingIsLeft();
    }

    @Test
    void theAddressIsPrivateUnlessThePublicOneIsWanted() {
        bench.with("floating_network", Value.of("public"));
        try (Provider provider = bench.open(ENGINE)) {
            InstanceRef ref = made(provider).ref();
            assertThat(lifecycle(provider).find(ref).orElseThrow().address()).startsWith("10.1.");
        }
        bench.configured("address", Value.of("public"));
        try (Provider provider = bench.open(ENGINE)) {
            assertThat(lifecycle(provider).list())
                    .singleElement()
                    .satisfies(each -> assertThat(each.address()).startsWith("203.0.113."));
        }
    }

    @Test
    void aGroupThatWasMadeForAPolicyGoesWithItsLastServer() {
        bench.with("server_group", Value.of("apart"))
                .with("server_group_policy", Value.of("anti-affinity"));
        try (Provider provider = bench.open(ENGINE)) {
            InstanceRef first = made(provider).ref();
            InstanceRef second = made(provider).ref();
            assertThat(bench.cloud.serverGroups())
                    .singleElement()
                    .satisfies(group -> assertThat(group.path("members").size()).isEqualTo(2));
            lifecycle(provider).delete(anyToken(), first);
            assertThat(bench.cloud.serverGroups()).hasSize(1);
            lifecycle(provider).delete(anyToken(), second);
        }
        assertNothingIsLeft();
    }

    @Test
    void aServerThatStopsByItselfHasLostItsPower() {
        try (Provider provider = bench.open(ENGINE)) {
            InstanceRef ref = made(provider).ref();
            PowerControl power = provider.capability(PowerControl.class);
            bench.cloud.stopAll();
            assertThat(power.power(ref)).isEqualTo(PowerState.LOST);
            power.powerOn(anyToken(), ref);
            power.powerOff(anyToken(), ref);
            assertThat(power.power(ref)).isEqualTo(PowerState.OFF);
            power.powerOn(anyToken(), ref);
            bench.cloud.stopAll();
            assertThat(power.power(ref)).isEqualTo(PowerState.LOST);
        }
    }

    @Test
    void aServerThatIsKeptAfterItsRemovalIsRemovedAllTheSame() {
        bench.cloud.keepsDeletedServers();
        try (Provider provider = bench.open(ENGINE)) {
            lifecycle(provider).delete(anyToken(), made(provider).ref());
        }
        assertNothingIsLeft();
    }

    @Test
    void readsTheConsole() {
        try (Provider provider = bench.open(ENGINE)) {
            InstanceRef ref = made(provider).ref();
            Console console = provider.capability(Console.class);
            assertThat(console.read(ref, 0, 10).bytes().remaining()).isZero();
            provider.capability(PowerControl.class).powerOn(anyToken(), ref);
            bench.cloud.print("demo-members-1", "é login: ");
            assertThat(console.read(ref, 0, 100).text()).isEqualTo("é login: ");
            assertThat(console.read(ref, 3, 5).text()).isEqualTo("login");
        }
    }

    @Test
    void renewsItsTokenBeforeTheEndAndWhereItIsRefused() {
        AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
        InstantSource source = now::get;
        bench.close();
        bench = new OpenStackBench(source.withZone(ZoneOffset.UTC), null);
        bench.cloud.tokensLive(Duration.ofHours(1));
        try (Provider provider = bench.open(ENGINE)) {
            lifecycle(provider).list();
            lifecycle(provider).list();
            assertThat(bench.cloud.logins()).isEqualTo(1);
            now.updateAndGet(time -> time.plus(Duration.ofMinutes(56)));
            lifecycle(provider).list();
            assertThat(bench.cloud.logins()).as("before its end").isEqualTo(2);
            bench.cloud.revokeTokens();
            lifecycle(provider).list();
            assertThat(bench.cloud.logins()).as("where it is refused").isEqualTo(3);
        }
    }

    @Test
    void aClockThatIsHoursAheadDoesNotMakeItLogInForEachCall() {
        Clock clock = Clock.systemUTC();
        bench.close();
        bench = new OpenStackBench(Clock.offset(clock, Duration.ofHours(3)), clock, null);
        bench.cloud.tokensLive(Duration.ofHours(1));
        try (Provider provider = bench.open(ENGINE)) {
            lifecycle(provider).list();
            lifecycle(provider).list();
        }
        assertThat(bench.cloud.logins()).isEqualTo(1);
    }

    @Test
    void logsInWithAnApplicationCredentialToo() throws Exception {
        Path clouds = folder.resolve("clouds.yaml");
        Files.writeString(
                clouds,
                """
                clouds:
                  byid:
                    auth_type: v3applicationcredential
                    region_name: RegionOne
                    auth: {auth_url: "%1$s", application_credential_id: ac-1, application_credential_secret: s3cret}
                  byname:
                    auth_type: v3applicationcredential
                    region_name: RegionOne
                    interface: internal
                    auth: {auth_url: "%1$s", application_credential_name: engine, username: formwork, application_credential_secret: s3cret}
                  wrong:
                    auth_type: v3applicationcredential
                    region_name: RegionOne
                    auth: {auth_url: "%1$s", application_credential_id: ac-1, application_credential_secret: no}
                """
                        .formatted(bench.authUrl()));
        bench.configured("clouds_file", Value.of(clouds.toString()));
        for (String cloud : List.of("byid", "byname")) {
            bench.configured("cloud", Value.of(cloud));
            try (Provider provider = bench.open(ENGINE)) {
                assertThat(lifecycle(provider).list()).isEmpty();
            }
        }
        bench.configured("cloud", Value.of("wrong"));
        try (Provider provider = bench.open(ENGINE)) {
            assertRefused(ProviderCode.CREDENTIALS, () -> lifecycle(provider).list());
        }
    }

    @Test
    void severalRegionsHaveToBeChosenFrom() {
        bench.environment("OS_REGION_NAME", "");
        try (Provider provider = bench.open(ENGINE)) {
            assertThatExceptionOfType(ProblemException.class)
                    .isThrownBy(() -> lifecycle(provider).list())
                    .withMessageContaining("RegionTwo")
                    .satisfies(failed ->
                            assertThat(failed.code()).isEqualTo("provider.invalid-config"));
        }
    }

    @Test
    void checksTheCloudsCertificate() throws Exception {
        bench.close();
        TestKeys keys = TestKeys.make(folder, "cloud", "ip:127.0.0.1");
        bench = new OpenStackBench(Clock.systemUTC(), keys.context());
        try (Provider provider = bench.open(ENGINE)) {
            assertRefused(ProviderCode.UNAVAILABLE, () -> lifecycle(provider).list());
        }
        bench.configured("cacert", Value.of(keys.file().toString()));
        try (Provider provider = bench.open(ENGINE)) {
            assertThat(lifecycle(provider).list()).isEmpty();
            made(provider);
        }
    }
}
