package dev.formwork.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.value.Value;
import dev.formwork.provider.BootToken;
import dev.formwork.provider.Console;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.PowerControl;
import dev.formwork.provider.Provider;
import dev.formwork.provider.aws.server.AwsServer;
import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Every request that the SDK sends for us, and every answer of the test's server, is as Amazon's
/// own model of the services has it.
class ServiceModelIT {
    private static final Path EC2 = ServiceModel.FOLDER.resolve("ec2/2016-11-15/service-2.json");
    private static final Path SSM = ServiceModel.FOLDER.resolve("ssm/2014-11-06/service-2.json");
    private static final OperationToken TOKEN = new OperationToken("t-1");

    private final AwsBench bench = new AwsBench();

    @BeforeEach
    void needsTheModel() {
        Needs.files(EC2.toString(), SSM.toString());
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void allThatIsSaidInTheLifeOfInstancesIsAsTheModelHasIt() throws Exception {
        live(
                Map.of(
                        "image",
                                Value.of(
                                        Map.of(
                                                "owner",
                                                Value.of("136693071363"),
                                                "name",
                                                Value.of("debian-12-amd64-*"),
                                                "architecture",
                                                Value.of("x86_64"))),
                        "type", Value.of("t3.micro"),
                        "subnets", Value.of(List.of(Value.of("subnet-0000000000000001a"))),
                        "security_groups", Value.of(List.of(Value.of("web"))),
                        "key", Value.of("ops"),
                        "profile", Value.of("node"),
                        "disk",
                                Value.of(
                                        Map.of(
                                                "size",
                                                Value.of("20G"),
                                                "type",
                                                Value.of("gp3"),
                                                "encrypted",
                                                Value.of(true))),
                        "disks", Value.of(List.of(Value.of(Map.of("size", Value.of("100G"))))),
                        "tags", Value.of(Map.of("team", Value.of("core")))));
        live(
                Map.of(
                        "image", Value.of(Map.of("parameter", Value.of(AwsBench.PARAMETER))),
                        "type", Value.of("t3.small"),
                        "zones", Value.of(List.of(Value.of(AwsServer.REGION + "b"))),
                        "profile", Value.of("arn:aws:iam::123456789012:instance-profile/node"),
                        "public_address", Value.of(true),
                        "monitoring", Value.of(true),
                        "hop_limit", Value.of(2)));
        live(
                Map.of(
                        "image", Value.of(AwsBench.IMAGE),
                        "type", Value.of("t3.micro"),
                        "spot", Value.of(Map.of("max_price", Value.of("0.05")))));

        ServiceModel ec2 = ServiceModel.read(EC2);
        ServiceModel ssm = ServiceModel.read(SSM);
        for (AwsServer.Exchange each : bench.place().exchanges()) {
            check(each, ec2, ssm);
        }
        assertThat(ec2.faults()).isEmpty();
        assertThat(ssm.faults()).isEmpty();
        assertThat(bench.place().actions())
                .contains(
                        "RunInstances",
                        "DescribeInstances",
                        "TerminateInstances",
                        "StartInstances",
                        "StopInstances",
                        "RebootInstances",
                        "GetConsoleOutput",
                        "CreateTags",
                        "DeleteTags",
                        "DescribeImages",
                        "DescribeSubnets",
                        "DescribeSecurityGroups");
    }

    private static void check(AwsServer.Exchange each, ServiceModel ec2, ServiceModel ssm)
            throws Exception {
        assertThat(each.answer().status()).as(each.answer().body()).isEqualTo(200);
        if (each.service().equals("ssm")) {
            ssm.checkJson("GetParameter", each.request().body(), each.answer().body());
            return;
        }
        Map<String, String> form = new TreeMap<>(each.form());
        String action = String.valueOf(form.remove("Action"));
        assertThat(form.remove("Version")).isEqualTo("2016-11-15");
        ec2.checkForm(action, form);
        ec2.checkDocument(action, each.answer().body());
    }

    @Test
    void whatIsNotAsTheModelHasItIsSeen() throws Exception {
        ServiceModel model = ServiceModel.read(EC2);

        model.checkForm(
                "RunInstances",
                Map.of(
                        "MinCount", "one",
                        "UserDate", "x",
                        "MetadataOptions.HttpTokens", "always",
                        "SecurityGroupId.2", "sg-1"));
        model.checkDocument(
                "DescribeInstances",
                "<DescribeInstancesResponse><reservations/><reservationSet><member/>"
                        + "</reservationSet></DescribeInstancesResponse>");

        assertThat(model.faults())
                .anyMatch(it -> it.contains("MinCount: one is no"))
                .contains("RunInstances: no member UserDate", "RunInstances: lacks MaxCount")
                .anyMatch(it -> it.contains("HttpTokens: always is none of"))
                .contains("RunInstances.SecurityGroupId: not numbered from 1 on")
                .contains("DescribeInstances: answers with unknown reservations")
                .contains("DescribeInstances.reservationSet: has no member");
    }

    private void live(Map<String, Value> spec) throws IOException {
        boolean spot = spec.containsKey("spot");
        try (Provider provider = bench.open(new EngineId("engine-one"))) {
            InstanceLifecycle lifecycle = provider.capability(InstanceLifecycle.class);
            PowerControl power = provider.capability(PowerControl.class);
            InstanceRef ref =
                    lifecycle
                            .create(
                                    TOKEN,
                                    new InstanceRequest(
                                            new MachineId("m-" + spec.hashCode()),
                                            "demo-members-0",
                                            new BootToken("boot-token"),
                                            Map.of("formwork/cluster", "demo"),
                                            Value.of(spec)))
                            .ref();
            bench.place().pass();
            bench.place().pass();
            assertThat(lifecycle.list()).hasSize(1);
            power.reset(TOKEN, ref);
            if (!spot) {
                power.powerOff(TOKEN, ref);
                power.powerOn(TOKEN, ref);
                bench.place().happen(ref.value(), "stopped", "Server.InternalError");
                power.powerOff(TOKEN, ref);
                power.powerOn(TOKEN, ref);
            }
            bench.place().print(ref.value(), new byte[] {'o', 'k'});
            assertThat(provider.capability(Console.class).read(ref, 0, 10).text()).isEqualTo("ok");
            lifecycle.delete(TOKEN, ref);
        }
    }
}
