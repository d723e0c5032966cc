package dev.formwork.provider.openstack;

import static dev.formwork.provider.tck.ProviderContract.ENGINE;
import static dev.formwork.provider.tck.ProviderContract.anyToken;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.MachineId;
import dev.formwork.model.value.Value;
import dev.formwork.provider.BootToken;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.InstanceState;
import dev.formwork.provider.PowerControl;
import dev.formwork.provider.PowerState;
import dev.formwork.provider.Provider;
import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// OpenStack's own command against the cloud of our tests, so that this is not what only we take
/// for one; and both on the same servers, by the same `clouds.yaml`.
class OpenStackClientIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final OpenStackBench bench = new OpenStackBench();

    @TempDir private Path folder;

    @BeforeEach
    void configure() throws IOException {
        Needs.programs("openstack");
        Files.writeString(
                folder.resolve("clouds.yaml"),
                """
                clouds:
                  lab:
                    region_name: RegionOne
                    auth:
                      auth_url: %s
                      username: formwork
                      password: "pass word'"
                      project_name: lab
                      user_domain_name: Default
                      project_domain_name: Default
                """
                        .formatted(bench.authUrl()));
    }

    @AfterEach
    void close() {
        bench.close();
    }

    /// Runs the command; what it answers in JSON.
    private JsonNode openstack(String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of("openstack"));
        command.addAll(List.of(words));
        if (!words[1].equals("delete") && !words[1].equals("stop")) {
            command.addAll(List.of("-f", "json"));
        }
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("OS_"));
        builder.environment().put("OS_CLOUD", "lab");
        builder.environment().put("HOME", folder.toString());
        Path errors = folder.resolve("errors");
        Process process = builder.redirectError(errors.toFile()).start();
        try {
            String output =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
            assertThat(process.exitValue())
                    .as("%s: %s", command, Files.readString(errors))
                    .isZero();
            return output.isBlank() ? JSON.createObjectNode() : JSON.readTree(output);
        } finally {
            process.destroyForcibly();
        }
    }

    @Test
    void readsMakesAndRemovesServers() throws Exception {
        assertThat(openstack("token", "issue").path("project_id").asString()).isEqualTo("p-1");
        assertThat(openstack("image", "list").findValuesAsString("Name"))
                .containsOnly("debian")
                .hasSize(3);

        JsonNode made =
                openstack(
                        "server",
                        "create",
                        "--wait",
                        "--image",
                        "0c9e9f4e-0000-4000-8000-000000000002",
                        "--flavor",
                        "m1.size2",
                        "--nic",
                        "net-id=net-1",
                        "--property",
                        "who=me",
                        "by-hand");

        assertThat(made.path("status").asString()).isEqualTo("ACTIVE");
        assertThat(openstack("server", "show", "by-hand").path("addresses").toString())
                .contains("10.1.");
        // It is in the project, and nobody takes it for one of ours.
        try (Provider provider = bench.open(ENGINE)) {
            assertThat(provider.capability(InstanceLifecycle.class).list()).isEmpty();
        }
        openstack("server", "delete", "--wait", "by-hand");
        assertThat(openstack("server", "list")).isEmpty();
    }

    @Test
    void seesAndSwitchesAServerOfOurs() throws Exception {
        bench.configured("clouds_file", Value.of(folder.resolve("clouds.yaml").toString()))
                .configured("cloud", Value.of("lab"));
        try (Provider provider = bench.open(ENGINE)) {
            InstanceLifecycle lifecycle = provider.capability(InstanceLifecycle.class);
            Instance instance =
                    lifecycle.create(
                            anyToken(),
                            new InstanceRequest(
                                    new MachineId("m-1"),
                                    "demo-members-0",
                                    new BootToken("boot-token"),
                                    Map.of("formwork/cluster", "demo"),
                                    bench.spec()));
            provider.capability(PowerControl.class).powerOn(anyToken(), instance.ref());

            JsonNode shown = openstack("server", "show", "demo-members-0");

            assertThat(shown.path("properties").toString())
                    .contains("formwork:engine", "engine-one", "label:formwork:cluster");
            assertThat(shown.path("status").asString()).isEqualTo("ACTIVE");
            openstack("server", "stop", "demo-members-0");
            // It goes one step on when it is asked for.
            openstack("server", "show", "demo-members-0");
            assertThat(provider.capability(PowerControl.class).power(instance.ref()))
                    .isEqualTo(PowerState.LOST);
            openstack("server", "delete", "--wait", "demo-members-0");
            assertThat(lifecycle.find(instance.ref()).map(Instance::state))
                    .contains(InstanceState.DELETING);
            lifecycle.delete(anyToken(), instance.ref());
            assertThat(lifecycle.list()).isEmpty();
        }
    }
}
