package dev.formwork.provider.gce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.provider.Console;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.PowerControl;
import dev.formwork.provider.PowerState;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderFactory;
import dev.formwork.provider.tck.ProviderContract;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/// The folder that a user names with `serve --plugins`: that all which is needed is in it, and
/// nothing that the engine has.
class PluginIT implements ProviderContract {
    private static final Path FOLDER = Path.of("../target/plugins/gce");

    private final GceBench bench = new GceBench();
    private final Thread thread = Thread.currentThread();
    private final ClassLoader before = thread.getContextClassLoader();

    @Override
    public GceBench bench() {
        return bench;
    }

    @AfterEach
    void leave() {
        thread.setContextClassLoader(before);
    }

    @Test
    void livesALifeOfAnInstanceOnWhatIsInTheFolder() throws IOException {
        try (Plugin plugin = new Plugin(jars())) {
            thread.setContextClassLoader(plugin);
            ProviderFactory factory =
                    ServiceLoader.load(ProviderFactory.class, plugin).stream()
                            .map(ServiceLoader.Provider::get)
                            .toList()
                            .getFirst();
            assertThat(factory.type()).isEqualTo("gce");
            assertThat(factory.getClass().getClassLoader()).isSameAs(plugin);
            try (Provider provider = factory.open(bench.context(ENGINE))) {
                InstanceLifecycle lifecycle = provider.capability(InstanceLifecycle.class);
                PowerControl power = provider.capability(PowerControl.class);
                OperationToken token = ProviderContract.anyToken();

                Instance made = lifecycle.create(token, anyRequest());

                assertThat(lifecycle.list()).extracting(Instance::ref).containsExactly(made.ref());
                assertThat(power.power(made.ref())).isEqualTo(PowerState.ON);
                assertThat(
                                provider.capability(Console.class)
                                        .read(made.ref(), 0, 10)
                                        .bytes()
                                        .hasRemaining())
                        .isFalse();
                lifecycle.delete(token, made.ref());
                assertThat(lifecycle.list()).isEmpty();
            }
        }
    }

    @Test
    void holdsNothingThatTheEngineHas() throws IOException {
        assertThat(jars())
                .extracting(jar -> Path.of(jar.getPath()).getFileName().toString())
                .noneMatch(name -> name.matches("(slf4j|jspecify|formwork-(model|provider-spi)).*"))
                .anyMatch(name -> name.startsWith("formwork-provider-gce"));
    }

    private static List<URL> jars() throws IOException {
        List<URL> jars = new ArrayList<>();
        try (Stream<Path> files = Files.list(FOLDER)) {
            for (Path each : files.sorted().toList()) {
                jars.add(each.toUri().toURL());
            }
        }
        return jars;
    }

    /// Has what the engine's own class loader for plugins has.
    private static final class Plugin extends URLClassLoader {
        private static final String SPI = "dev.formwork.provider.";

        Plugin(List<URL> jars) {
            super(jars.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            boolean isShared =
                    name.startsWith("dev.formwork.model.")
                            || name.startsWith("org.slf4j.")
                            || name.startsWith("org.jspecify.")
                            || (name.startsWith(SPI) && name.indexOf('.', SPI.length()) < 0);
            return isShared
                    ? PluginIT.class.getClassLoader().loadClass(name)
                    : super.findClass(name);
        }
    }
}
