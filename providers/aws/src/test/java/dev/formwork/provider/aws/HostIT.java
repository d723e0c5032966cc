package dev.formwork.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.EngineId;
import dev.formwork.model.value.Value;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderContext;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import software.amazon.awssdk.core.SdkGlobalTime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;

/// What the engine's host has to do with it: its clock, and the files of credentials on it.
class HostIT {
    private static final EngineId ENGINE = new EngineId("engine-one");

    private final AwsBench bench = new AwsBench();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void aClockThatIsWrongIsPutRight() {
        int before = SdkGlobalTime.getGlobalTimeOffset();
        SdkGlobalTime.setGlobalTimeOffset(7200);
        try (Provider provider = bench.open(ENGINE)) {
            InstanceLifecycle lifecycle = provider.capability(InstanceLifecycle.class);
            assertThat(lifecycle.list()).isEmpty();
            assertThat(lifecycle.list()).isEmpty();
            assertThat(bench.place().exchanges())
                    .as("a refusal, a repeat at once, and a call that is right at once")
                    .hasSize(3);
        } finally {
            SdkGlobalTime.setGlobalTimeOffset(before);
        }
    }

    @Test
    void credentialsThatAreRenewedInTheirFileAreTaken(@TempDir Path home) throws IOException {
        bench.place().addTemporary("ASIAONE", "one", "session", Instant.now().plusSeconds(600));
        bench.place().addTemporary("ASIATWO", "two", "session", Instant.now().plusSeconds(600));
        Path keys = home.resolve("credentials");
        write(keys, "ASIAONE", "one");
        System.setProperty("aws.sharedCredentialsFile", keys.toString());
        ProviderContext context =
                AwsBench.context(ENGINE, bench.config(Map.of("profile", Value.of("ops"))));
        AwsSettings settings = AwsSettings.read(context);
        try (Provider provider =
                AwsProvider.open(context, settings, AwsClients.of(settings), bench.pauses())) {
            InstanceLifecycle lifecycle = provider.capability(InstanceLifecycle.class);
            assertThat(lifecycle.list()).isEmpty();

            write(keys, "ASIATWO", "two");
            bench.place().addTemporary("ASIAONE", "one", "session", Instant.EPOCH);

            assertThat(lifecycle.list()).isEmpty();
        } finally {
            System.clearProperty("aws.sharedCredentialsFile");
        }
    }

    private static void write(Path file, String id, String secret) throws IOException {
        Files.writeString(
                file,
                """
                [ops]
                aws_access_key_id = %s
                aws_secret_access_key = %s
                aws_session_token = session
                """
                        .formatted(id, secret));
    }
}
