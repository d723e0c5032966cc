package dev.formwork.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.provider.BootToken;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.Provider;
import dev.formwork.provider.aws.server.AwsServer;
import dev.formwork.provider.tck.Fault;
import dev.formwork.provider.tck.FaultyHttpServer;
import dev.formwork.provider.tck.HttpService;
import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/// Amazon's SDK for Python does with the test's server what it does with EC2: so what the provider
/// is tested against is more than what its own SDK happens to send.
class OtherSdkIT {
    private final AwsBench bench = new AwsBench();

    @BeforeEach
    void needsTheSdk() {
        Needs.programs("python3");
        Needs.files("/usr/lib/python3/dist-packages/boto3/__init__.py");
    }

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void anotherSdkLeadsInstancesThroughALife() throws Exception {
        try (Provider provider = bench.open(new EngineId("engine-one"))) {
            Instance made =
                    provider.capability(InstanceLifecycle.class)
                            .create(
                                    new OperationToken("t-1"),
                                    new InstanceRequest(
                                            new MachineId("m-1"),
                                            "demo-members-0",
                                            new BootToken("boot-token"),
                                            Map.of("formwork/cluster", "é 漢字"),
                                            bench.spec()));
            bench.place().print(made.ref().value(), "login: \n".getBytes(StandardCharsets.UTF_8));

            JsonNode said = life(made.ref().value());

            assertThat(said.path("same").asBoolean()).as("one token, one instance").isTrue();
            assertThat(said.path("mismatch").asString()).isEqualTo("IdempotentParameterMismatch");
            assertThat(said.path("tokens").asString()).isEqualTo("required");
            assertThat(said.path("pages").asInt()).isEqualTo(2);
            assertThat(said.path("all listed").asBoolean()).isTrue();
            assertThat(said.path("disk").asInt()).isEqualTo(20);
            assertThat(said.path("tags").path("formwork:machine").asString()).isEqualTo("m-1");
            assertThat(said.path("tags").path("formwork:label:formwork/cluster").asString())
                    .isEqualTo("é 漢字");
            assertThat(said.path("client token").asString()).hasSize(64);
            assertThat(said.path("reason").asString()).isEqualTo("Client.UserInitiatedShutdown");
            assertThat(said.path("reboot").asString()).isEqualTo("IncorrectInstanceState");
            assertThat(said.path("console").asString()).isEqualTo("login: \n");
            assertThat(said.path("parameter").asString()).isEqualTo(AwsBench.IMAGE);
            assertThat(said.path("image").asString()).isEqualTo("/dev/xvda");
            assertThat(said.path("left").asInt(-1)).as("disks after the end").isZero();
            assertThat(said.path("none").asString()).isEqualTo("InvalidInstanceID.NotFound");
            assertThat(said.path("forged").asString()).isEqualTo("SignatureDoesNotMatch");
            assertThat(provider.capability(InstanceLifecycle.class).list())
                    .extracting(Instance::ref)
                    .as("what is not ours is not listed")
                    .containsExactly(made.ref());
        }
    }

    private JsonNode life(String known)
            throws IOException, InterruptedException, URISyntaxException {
        Path script =
                Path.of(Objects.requireNonNull(OtherSdkIT.class.getResource("life.py")).toURI());
        Path errors = Files.createTempFile("life", ".txt");
        try (FaultyHttpServer server =
                new FaultyHttpServer(
                        this::whileTimePasses,
                        Map
                                .<Fault,
                                        java.util.function.Function<
                                                HttpService.Request, HttpService.Response>>
                                        of())) {
            ProcessBuilder python =
                    new ProcessBuilder(
                            "python3",
                            script.toString(),
                            server.uri().toString(),
                            AwsServer.REGION,
                            AwsServer.KEY_ID,
                            AwsServer.SECRET,
                            AwsBench.IMAGE,
                            known);
            python.environment().put("no_proxy", "127.0.0.1");
            python.environment().put("AWS_EC2_METADATA_DISABLED", "true");
            Process life = python.redirectError(errors.toFile()).start();
            String said = new String(life.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(life.waitFor()).as(Files.readString(errors)).isZero();
            return new JsonMapper().readTree(said);
        } finally {
            Files.delete(errors);
        }
    }

    private HttpService.Response whileTimePasses(HttpService.Request request) {
        HttpService.Response answer = bench.place().answer(request);
        bench.place().pass();
        return answer;
    }
}
