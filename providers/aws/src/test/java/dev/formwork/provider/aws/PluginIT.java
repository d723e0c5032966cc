package dev.formwork.provider.aws;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.EngineId;
import dev.formwork.model.MachineId;
import dev.formwork.model.value.Value;
import dev.formwork.provider.BootToken;
import dev.formwork.provider.Console;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.PowerControl;
import dev.formwork.provider.PowerState;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderFactory;
import dev.formwork.provider.aws.server.AwsServer;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/// The folder that is laid out is all that the provider needs.
class PluginIT {
    private static final Path FOLDER = Path.of("../target/plugins/aws");
    private static final long MOST_BYTES = 40L << 20;
    private static final OperationToken TOKEN = new OperationToken("t-1");

    private final AwsBench bench = new AwsBench();

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void theFolderHoldsTheProviderItsSdkAndNothingThatIsShared() throws IOException {
        List<String> names = jars().stream().map(jar -> jar.getFileName().toString()).toList();

        assertThat(names)
                .anyMatch(name -> name.startsWith("formwork-provider-aws-"))
                .anyMatch(name -> name.startsWith("ec2-"))
                .noneMatch(name -> name.matches("(netty|apache|httpc|slf4j|jackson|jspecify).*"))
                .noneMatch(name -> name.matches("formwork-(model|provider-spi).*"));
        long bytes = 0;
        for (Path jar : jars()) {
            bytes += Files.size(jar);
        }
        assertThat(bytes).isLessThan(MOST_BYTES);
    }

    @Test
    void aMachineLivesAndGoesThroughThePluginAlone(@TempDir Path home) throws Exception {
        List<URL> urls = new ArrayList<>();
        for (Path jar : jars()) {
            urls.add(jar.toUri().toURL());
        }
        Path keys =
                Files.writeString(
                        home.resolve("credentials"),
                        "[ops]%naws_access_key_id = %s%naws_secret_access_key = %s%n"
                                .formatted(AwsServer.KEY_ID, AwsServer.SECRET));
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        System.setProperty("aws.sharedCredentialsFile", keys.toString());
        try (PluginClasses classes = new PluginClasses(urls)) {
            Thread.currentThread().setContextClassLoader(classes);
            ProviderFactory factory =
                    ServiceLoader.load(ProviderFactory.class, classes).findFirst().orElseThrow();
            assertThat(factory.getClass()).isNotEqualTo(AwsProviderFactory.class);
            assertThat(factory.type()).isEqualTo("aws");
            try (Provider provider =
                    factory.open(
                            AwsBench.context(
                                    new EngineId("engine-one"),
                                    bench.config(Map.of("profile", Value.of("ops")))))) {
                live(provider);
            }
        } finally {
            System.clearProperty("aws.sharedCredentialsFile");
            Thread.currentThread().setContextClassLoader(before);
        }
    }

    private void live(Provider provider) {
        InstanceLifecycle lifecycle = provider.capability(InstanceLifecycle.class);
        Instance made =
                lifecycle.create(
                        TOKEN,
                        new InstanceRequest(
                                new MachineId("m-1"),
                                "demo-members-0",
                                new BootToken("boot-token"),
                                Map.of(),
                                Value.of(
                                        Map.of(
                                                "image",
                                                Value.of(
                                                        Map.of(
                                                                "parameter",
                                                                Value.of(AwsBench.PARAMETER))),
                                                "type",
                                                Value.of("t3.micro")))));
        assertThat(lifecycle.list()).extracting(Instance::ref).containsExactly(made.ref());
        assertThat(provider.capability(PowerControl.class).power(made.ref()))
                .isEqualTo(PowerState.ON);
        bench.place().print(made.ref().value(), new byte[] {'o', 'k'});
        assertThat(provider.capability(Console.class).read(made.ref(), 0, 9).text())
                .isEqualTo("ok");
        // Somebody has ended it meanwhile; it is waited for in real time else.
        bench.place().happen(made.ref().value(), "terminated", "Client.UserInitiatedShutdown");
        lifecycle.delete(TOKEN, made.ref());
        assertThat(lifecycle.list()).isEmpty();
    }

    private static List<Path> jars() throws IOException {
        try (Stream<Path> all = Files.list(FOLDER)) {
            return all.filter(each -> each.toString().endsWith(".jar")).sorted().toList();
        }
    }
}
