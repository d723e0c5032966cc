package dev.formwork.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.provider.BootToken;
import dev.formwork.provider.Console;
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
import dev.formwork.provider.aws.server.AwsServer;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// What is particular to EC2, beside what the kit asks of every place.
class AwsProviderIT {
    private static final EngineId ENGINE = new EngineId("engine-one");

    private final AwsBench bench = new AwsBench();
    private final Provider provider = bench.open(ENGINE);
    private final InstanceLifecycle lifecycle = provider.capability(InstanceLifecycle.class);
    private final PowerControl power = provider.capability(PowerControl.class);

    @AfterEach
    void close() {
        provider.close();
        bench.close();
    }

    private static OperationToken anyToken() {
        return new OperationToken(UUID.randomUUID().toString());
    }

    private static InstanceRequest request(String name, Map<String, Value> more) {
        Map<String, Value> spec = new HashMap<>();
        spec.put("image", Value.of(AwsBench.IMAGE));
        spec.put("type", Value.of("t3.micro"));
        spec.putAll(more);
        return new InstanceRequest(
                new MachineId("m-" + name),
                name,
                new BootToken("boot-token"),
                Map.of(),
                Value.of(spec));
    }

    /// What EC2 was asked for.
    private Map<String, String> asked(Map<String, Value> more) {
        lifecycle.create(anyToken(), request("x-" + UUID.randomUUID(), more));
        return bench.place().requests("RunInstances").getLast();
    }

    private static void assertRefused(ProviderCode code, String words, ThrowingCallable call) {
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(call)
                .withMessageContaining(words)
                .satisfies(refused -> assertThat(refused.code()).isEqualTo(code.code()));
    }

    @Test
    void asksForEverythingInTheRequestThatMakesTheInstance() {
        Map<String, String> asked =
                asked(
                        Map.of(
                                "tags", Value.of(Map.of("team", Value.of("core"))),
                                "key", Value.of("ops"),
                                "disk", Value.of("20G"),
                                "java", Value.of("/usr/bin/java")));

        assertThat(asked)
                .containsEntry("MetadataOptions.HttpTokens", "required")
                .containsEntry("MetadataOptions.HttpPutResponseHopLimit", "1")
                .containsEntry("KeyName", "ops")
                .containsEntry("BlockDeviceMapping.1.DeviceName", "/dev/xvda")
                .containsEntry("BlockDeviceMapping.1.Ebs.VolumeSize", "20")
                .containsEntry("BlockDeviceMapping.1.Ebs.DeleteOnTermination", "true")
                .containsEntry("TagSpecification.1.ResourceType", "instance")
                .containsEntry("TagSpecification.2.ResourceType", "volume")
                .containsValue("formwork:machine")
                .containsValue("team");
        assertThat(asked.get("ClientToken")).hasSize(64);
        assertThat(bench.place().userData(lifecycle.list().getFirst().ref().value()))
                .startsWith("#!/bin/sh")
                .contains("boot-token", "/usr/bin/java");
    }

    @Test
    void whatAnImageWouldLeaveBehindGoesToo() {
        InstanceRequest request =
                request("own-0", Map.of("image", Value.of("ami-0000000000000004a")));
        InstanceRef made = lifecycle.create(anyToken(), request).ref();
        assertThat(bench.remainsOf(request.machine())).as("an instance, two disks").hasSize(3);

        lifecycle.delete(anyToken(), made);

        assertThat(bench.remainsOf(request.machine())).isEmpty();
    }

    @Test
    void findsImagesByOwnerAndNameAndByParameter() {
        Value named =
                Value.of(
                        Map.of(
                                "owner", Value.of("136693071363"),
                                "name", Value.of("debian-12-*"),
                                "architecture", Value.of("x86_64")));
        Value said = Value.of(Map.of("parameter", Value.of(AwsBench.PARAMETER)));
        Value own = Value.of(Map.of("owner", Value.of("self"), "name", Value.of("debian-12-*")));
        Value none = Value.of(Map.of("owner", Value.of("self"), "name", Value.of("windows-*")));
        Value unsaid = Value.of(Map.of("parameter", Value.of("/no/such/thing")));

        assertThat(asked(Map.of("image", named))).containsEntry("ImageId", AwsBench.IMAGE);
        for (int i = 5; i < 9; i++) {
            String id = "ami-000000000000000%da".formatted(i);
            bench.place().publish(id, "ubuntu-%d".formatted(i));
        }
        Value last =
                Value.of(Map.of("owner", Value.of("136693071363"), "name", Value.of("ubuntu-*")));
        assertThat(asked(Map.of("image", last)))
                .as("on the second page")
                .containsEntry("ImageId", "ami-0000000000000008a");
        assertThat(asked(Map.of("image", said))).containsEntry("ImageId", AwsBench.IMAGE);
        assertThat(asked(Map.of("image", own))).containsEntry("ImageId", "ami-0000000000000004a");
        assertRefused(ProviderCode.INVALID_SPEC, "windows-*", () -> asked(Map.of("image", none)));
        assertRefused(
                ProviderCode.INVALID_SPEC,
                "ParameterNotFound",
                () -> asked(Map.of("image", unsaid)));
    }

    @Test
    void namesOfSecurityGroupsAreThoseOfTheSubnetsNetwork() {
        Value web = Value.of(List.of(Value.of("web"), Value.of("sg-0000000000000004e")));
        Value inside = Value.of(List.of(Value.of("subnet-0000000000000001a")));

        assertThat(asked(Map.of("security_groups", web, "subnets", inside)))
                .containsEntry("SecurityGroupId.1", "sg-0000000000000003e")
                .containsEntry("SecurityGroupId.2", "sg-0000000000000004e")
                .containsEntry("SubnetId", "subnet-0000000000000001a");
        assertRefused(
                ProviderCode.INVALID_SPEC,
                "2 security groups web",
                () -> asked(Map.of("security_groups", web)));
    }

    @Test
    void theMembersOfAGroupAreSpreadOverSubnets() {
        Value subnets =
                Value.of(
                        List.of(
                                Value.of("subnet-0000000000000001a"),
                                Value.of("subnet-0000000000000001b"),
                                Value.of("subnet-0000000000000001c")));
        for (int i = 0; i < 3; i++) {
            lifecycle.create(anyToken(), request("demo-web-" + i, Map.of("subnets", subnets)));
        }

        assertThat(bench.place().requests("RunInstances"))
                .extracting(each -> each.get("SubnetId"))
                .doesNotHaveDuplicates()
                .hasSize(3);
    }

    @Test
    void aSpotInstanceIsAskedForOnceAndCannotBeSwitchedOff() {
        Map<String, String> asked =
                asked(Map.of("spot", Value.of(Map.of("max_price", Value.of("0.02")))));
        InstanceRef ref = lifecycle.list().getFirst().ref();
        bench.place().pass();
        bench.place().pass();

        assertThat(asked)
                .containsEntry("InstanceMarketOptions.MarketType", "spot")
                .containsEntry("InstanceMarketOptions.SpotOptions.MaxPrice", "0.02")
                .containsEntry("InstanceMarketOptions.SpotOptions.SpotInstanceType", "one-time")
                .containsEntry("TagSpecification.3.ResourceType", "spot-instances-request");
        assertRefused(
                ProviderCode.UNSUPPORTED,
                "one-time Spot Instance request",
                () -> power.powerOff(anyToken(), ref));
    }

    @Test
    void aSpotInstanceThatIsTakenBackIsBeingDeletedAndThenGone() {
        InstanceRef ref =
                lifecycle.create(anyToken(), request("s-0", Map.of("spot", Value.of(true)))).ref();

        bench.place().happen(ref.value(), "shutting-down", "Server.SpotInstanceTermination");
        assertThat(lifecycle.find(ref)).map(Instance::state).contains(InstanceState.DELETING);
        assertThat(power.power(ref)).isEqualTo(PowerState.UNKNOWN);

        bench.place().happen(ref.value(), "terminated", "Server.SpotInstanceTermination");
        assertThat(lifecycle.find(ref)).isEmpty();
        assertRefused(ProviderCode.NOT_FOUND, ref.value(), () -> power.power(ref));
    }

    @Test
    void whatNobodySwitchedOffIsLostUntilSomebodyDoes() {
        InstanceRef ref = lifecycle.create(anyToken(), request("a-0", Map.of())).ref();

        for (String reason :
                List.of(
                        "Client.InstanceInitiatedShutdown",
                        "Server.ScheduledStop",
                        "Server.InternalError")) {
            bench.place().happen(ref.value(), "stopped", reason);
            assertThat(power.power(ref)).as(reason).isEqualTo(PowerState.LOST);
        }
        power.powerOff(anyToken(), ref);
        assertThat(power.power(ref)).isEqualTo(PowerState.OFF);

        power.powerOn(anyToken(), ref);
        bench.place().happen(ref.value(), "stopped", "Server.InternalError");
        assertThat(power.power(ref)).as("the tag went with the start").isEqualTo(PowerState.LOST);

        bench.place().happen(ref.value(), "stopped", "Client.UserInitiatedShutdown");
        assertThat(power.power(ref)).isEqualTo(PowerState.OFF);
    }

    @Test
    void aResetRebootsOnce() {
        InstanceRef ref = lifecycle.create(anyToken(), request("a-0", Map.of())).ref();

        power.reset(anyToken(), ref);

        assertThat(bench.place().reboots(ref.value())).isEqualTo(1);
    }

    @Test
    void waitsUntilEc2ShowsWhatItMade() {
        bench.place().hideNewFor(3);

        InstanceRef ref = lifecycle.create(anyToken(), request("a-0", Map.of())).ref();

        assertThat(lifecycle.find(ref)).isPresent();
        assertThat(lifecycle.list()).hasSize(1);
        assertThat(bench.place().requests("RunInstances")).hasSize(1);
    }

    @Test
    void whatEc2ForgetsForAMomentIsNotTakenForGone() {
        Instance made = lifecycle.create(anyToken(), request("a-0", Map.of()));
        InstanceRef ref = made.ref();

        bench.place().hide(ref.value(), 2);
        assertThat(lifecycle.find(ref)).isPresent();
        bench.place().hide(ref.value(), 3);
        assertThat(lifecycle.list()).extracting(Instance::ref).containsExactly(ref);
        bench.place().hide(ref.value(), 2);
        assertThat(power.power(ref)).isEqualTo(PowerState.ON);

        bench.place().hide(ref.value(), 1000);
        assertRefused(ProviderCode.UNAVAILABLE, ref.value(), () -> lifecycle.find(ref));
        assertRefused(ProviderCode.UNAVAILABLE, ref.value(), lifecycle::list);
        assertRefused(
                ProviderCode.UNAVAILABLE, ref.value(), () -> lifecycle.delete(anyToken(), ref));
        bench.place().hide(ref.value(), 0);
        lifecycle.delete(anyToken(), ref);
        bench.place().hide(ref.value(), 1000);
        assertThat(lifecycle.find(ref)).as("it was seen to have ended").isEmpty();
    }

    @Test
    void whatIsLookedUpIsLookedUpOnceForAllMachinesOfAGroup() {
        Map<String, Value> spec =
                Map.of(
                        "image",
                        Value.of(Map.of("parameter", Value.of(AwsBench.PARAMETER))),
                        "subnets",
                        Value.of(List.of(Value.of("subnet-0000000000000001a"))),
                        "security_groups",
                        Value.of(List.of(Value.of("web"))));
        for (int i = 0; i < 20; i++) {
            lifecycle.create(anyToken(), request("demo-web-" + i, spec));
        }

        List<String> actions = bench.place().actions();
        assertThat(actions.stream().filter("RunInstances"::equals)).hasSize(20);
        assertThat(actions.stream().filter("DescribeInstances"::equals)).hasSize(40);
        assertThat(actions).as("two for a machine, and what all of them share").hasSize(63);
        assertThat(bench.place().exchanges()).as("with that of the parameter").hasSize(64);
    }

    @Test
    void aRepeatInOtherWordsFindsWhatIsNotShownYet() {
        OperationToken token = anyToken();
        Map<String, Value> newest =
                Map.of(
                        "image",
                        Value.of(
                                Map.of(
                                        "owner", Value.of("136693071363"),
                                        "name", Value.of("debian-12-amd64-*"))));
        InstanceRef made = lifecycle.create(token, request("a-0", newest)).ref();
        bench.place().hide(made.value(), 2);
        bench.place().publish("ami-0000000000000009a", "debian-12-amd64-20261101-1");

        InstanceRef again;
        try (Provider other = bench.open(ENGINE)) {
            again =
                    other.capability(InstanceLifecycle.class)
                            .create(token, request("a-0", newest))
                            .ref();
        }

        assertThat(again).isEqualTo(made);
        assertThat(bench.place().requests("RunInstances"))
                .extracting(each -> each.get("ImageId"))
                .containsExactly(AwsBench.IMAGE, "ami-0000000000000009a");
        assertThat(lifecycle.list()).hasSize(1);
    }

    @Test
    void aTokenWhoseInstanceIsGoneMakesNoOther() {
        OperationToken token = anyToken();
        InstanceRequest request = request("a-0", Map.of());
        lifecycle.delete(anyToken(), lifecycle.create(token, request).ref());

        assertRefused(
                ProviderCode.CONFLICT,
                "IdempotentInstanceTerminated",
                () -> lifecycle.create(token, request));
        assertThat(lifecycle.list()).isEmpty();
    }

    @Test
    void aWishThatEc2TakesAndCannotFulfilIsAQuota() {
        bench.place().endNewFor("Server.InsufficientInstanceCapacity");

        assertRefused(
                ProviderCode.QUOTA,
                "InsufficientInstanceCapacity",
                () -> lifecycle.create(anyToken(), request("a-0", Map.of())));
        assertThat(lifecycle.list()).isEmpty();
    }

    @Test
    void whatWasTakenBackBeforeAnybodySawItIsAQuotaAlsoForARepeat() {
        for (String reason :
                List.of("Server.InsufficientInstanceCapacity", "Server.SpotInstanceTermination")) {
            bench.place().endNewFor(reason);
            OperationToken token = anyToken();
            InstanceRequest request = request("a-0", Map.of("spot", Value.of(true)));
            for (int i = 0; i < 2; i++) {
                assertRefused(ProviderCode.QUOTA, reason, () -> lifecycle.create(token, request));
            }
        }
    }

    @Test
    void twoEnginesMayHaveOneToken() {
        OperationToken token = anyToken();
        try (Provider other = bench.open(new EngineId("engine-two"))) {
            InstanceRequest request = request("a-0", Map.of());
            assertThat(other.capability(InstanceLifecycle.class).create(token, request).ref())
                    .isNotEqualTo(lifecycle.create(token, request).ref());
        }
    }

    @Test
    void whatThePlaceWillNotHaveIsSaidInItsOwnWords() {
        Map<String, Map<String, Value>> wrong =
                Map.of(
                        "InvalidAMIID.NotFound", Map.of("image", Value.of("ami-00000000000000000")),
                        "'z9.huge' for InstanceType", Map.of("type", Value.of("z9.huge")),
                        "InvalidKeyPair.NotFound", Map.of("key", Value.of("no-such-key")),
                        "InvalidSubnetID.NotFound",
                                Map.of("subnets", Value.of(List.of(Value.of("subnet-0")))),
                        "smaller than snapshot", Map.of("disk", Value.of("1G")));
        wrong.forEach((words, spec) ->
                assertRefused(
                        ProviderCode.INVALID_SPEC,
                        words,
                        () -> lifecycle.create(anyToken(), request("a-0", spec))));
        assertThat(lifecycle.list()).isEmpty();
    }

    @Test
    void wrongAndExpiredCredentialsAreTold() {
        bench.place().addTemporary("ASIAOLD", "old", "session", Instant.EPOCH);
        bench.place().addTemporary("ASIANEW", "new", "session", Instant.now().plusSeconds(600));
        Map<String, AwsCredentials> wrong =
                Map.of(
                        "status 401", AwsBasicCredentials.create("AKIDNOBODY", "secret"),
                        "SignatureDoesNotMatch",
                                AwsBasicCredentials.create(AwsServer.KEY_ID, "guessed"),
                        "ExpiredToken", AwsSessionCredentials.create("ASIAOLD", "old", "session"),
                        "InvalidClientTokenId",
                                AwsSessionCredentials.create("ASIANEW", "new", "another"));
        wrong.forEach((words, key) -> {
            try (Provider ours = bench.open(ENGINE, key, Map.of())) {
                assertRefused(
                        ProviderCode.CREDENTIALS,
                        words,
                        () -> ours.capability(InstanceLifecycle.class).list());
            }
        });
        AwsCredentials good = AwsSessionCredentials.create("ASIANEW", "new", "session");
        try (Provider ours = bench.open(ENGINE, good, Map.of())) {
            assertThat(ours.capability(InstanceLifecycle.class).list()).isEmpty();
        }
    }

    @Test
    void theAddressIsTheOneThatIsConfigured() {
        Value inside = Value.of(List.of(Value.of("subnet-0000000000000001a")));
        Instance open = lifecycle.create(anyToken(), request("a-0", Map.of()));
        Instance closed = lifecycle.create(anyToken(), request("b-0", Map.of("subnets", inside)));
        assertThat(open.address()).startsWith("10.0.");
        try (Provider outside =
                bench.open(ENGINE, AwsBench.KEY, Map.of("address", Value.of("public")))) {
            InstanceLifecycle seen = outside.capability(InstanceLifecycle.class);
            assertThat(seen.find(open.ref()))
                    .get()
                    .extracting(Instance::address)
                    .asString()
                    .startsWith("10.77.");
            assertThat(seen.find(closed.ref())).get().extracting(Instance::address).isNull();
        }
    }

    @Test
    void aMachineIsAsOldAsItsFirstStart() {
        Instance made = lifecycle.create(anyToken(), request("a-0", Map.of()));
        bench.place().pass();
        bench.place().pass();

        power.powerOff(anyToken(), made.ref());
        power.powerOn(anyToken(), made.ref());

        assertThat(lifecycle.find(made.ref())).map(Instance::createdAt).contains(made.createdAt());
    }

    @Test
    void damagedTagsAreSaidAndNotTakenForGone() {
        InstanceRef ref = lifecycle.create(anyToken(), request("a-0", Map.of())).ref();

        bench.place().tag(ref.value(), "formwork:name", "Not A Name");

        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(() -> lifecycle.find(ref))
                .matches(it -> it.code().equals("aws.damaged-tags"));
        assertThatExceptionOfType(ProblemException.class)
                .isThrownBy(lifecycle::list)
                .withMessageContaining(ref.value());
    }

    @Test
    void readsTheConsoleOfAnOlderKindOfInstance() {
        InstanceRef ref =
                lifecycle
                        .create(anyToken(), request("a-0", Map.of("type", Value.of("t2.micro"))))
                        .ref();
        bench.place().print(ref.value(), "login: ".getBytes(StandardCharsets.UTF_8));

        assertThat(provider.capability(Console.class).read(ref, 0, 100).text())
                .isEqualTo("login: ");
    }
}
