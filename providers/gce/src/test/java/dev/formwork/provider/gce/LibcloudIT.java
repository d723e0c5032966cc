package dev.formwork.provider.gce;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;

import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.Provider;
import dev.formwork.provider.tck.ProviderContract;
import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.Test;

import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// That the server of the tests is not only what our own client takes for Compute Engine: Apache
/// Libcloud lives a life of an instance on it.
class LibcloudIT implements ProviderContract {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final GceBench bench = new GceBench();

    @Override
    public GceBench bench() {
        return bench;
    }

    @Test
    void anotherClientLivesALifeOfAnInstance() throws Exception {
        Needs.files("/usr/lib/python3/dist-packages/libcloud/compute/drivers/gce.py");
        try (Provider provider = bench.open(ENGINE)) {
            InstanceLifecycle lifecycle = provider.capability(InstanceLifecycle.class);
            Instance ours = lifecycle.create(ProviderContract.anyToken(), anyRequest());

            assertThat(life()).isEqualTo("lived\n");

            assertThat(lifecycle.list()).extracting(Instance::ref).containsExactly(ours.ref());
        }
        assertThat(bench.project().instances()).hasSize(1);
        assertThat(bench.project().disks()).hasSize(1);
    }

    private String life() throws Exception {
        Path said = bench.directory().resolve("said");
        Process process =
                new ProcessBuilder(
                                "/usr/bin/python3",
                                script().toString(),
                                String.valueOf(bench.server().uri().getPort()),
                                token().toString(),
                                ComputeServer.PROJECT)
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile())
                        .start();
        try {
            assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(said, StandardCharsets.UTF_8);
    }

    private static Path script() throws URISyntaxException {
        return Path.of(
                Objects.requireNonNull(LibcloudIT.class.getResource("libcloud-life.py")).toURI());
    }

    /// As Libcloud keeps its tokens: it has no way to other token servers than Google's.
    private Path token() throws Exception {
        JsonObject token = new JsonObject();
        token.addProperty("access_token", bench.compute.tokens().issue());
        token.addProperty("token_type", "Bearer");
        token.addProperty("expires_in", 3600);
        token.addProperty(
                "expire_time",
                Instant.now().plusSeconds(3600).truncatedTo(ChronoUnit.SECONDS).toString());
        return Files.writeString(bench.directory().resolve("token"), token.toString());
    }
}
