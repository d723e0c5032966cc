package dev.formwork.provider.gce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.value.Value;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.Provider;
import dev.formwork.provider.tck.ProviderContract;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/// Google's own way of finding credentials: it begins in the environment, so a process has to have
/// one.
class ApplicationDefaultIT implements ProviderContract {
    private final GceBench bench = new GceBench();

    @Override
    public GceBench bench() {
        return bench;
    }

    @Test
    void findsTheKeyThatTheEnvironmentNames() throws Exception {
        assertThat(
                        listed(
                                Map.of(
                                        "GOOGLE_APPLICATION_CREDENTIALS",
                                        bench.directory().resolve("key.json").toString())))
                .isEqualTo("1\n");
    }

    @Test
    void asksTheMetadataServerOfAnInstance() throws Exception {
        assertThat(listed(Map.of("GCE_METADATA_HOST", bench.server().uri().getAuthority())))
                .isEqualTo("1\n");
    }

    /// How many instances a process lists that has this environment.
    private String listed(Map<String, String> environment) throws Exception {
        try (Provider provider = bench.open(ENGINE)) {
            provider.capability(InstanceLifecycle.class)
                    .create(ProviderContract.anyToken(), anyRequest());
        }
        Path said = bench.directory().resolve("said");
        ProcessBuilder builder =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "--sun-misc-unsafe-memory-access=allow",
                                "-Duser.home=" + bench.directory(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Lists.class.getName(),
                                bench.server().uri().toString())
                        .redirectErrorStream(true)
                        .redirectOutput(said.toFile());
        builder.environment().clear();
        builder.environment().putAll(new TreeMap<>(environment));
        Process process = builder.start();
        try {
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(said, StandardCharsets.UTF_8);
    }

    /// The process.
    static final class Lists {
        private Lists() {}

        public static void main(String[] arguments) {
            GceBench bench = new GceBench();
            bench.without("credentials_file").with("endpoint", Value.of(arguments[0]));
            try (Provider provider = new GceProviderFactory().open(bench.context(ENGINE))) {
                System.out.println(provider.capability(InstanceLifecycle.class).list().size());
            } finally {
                bench.close();
            }
        }
    }
}
