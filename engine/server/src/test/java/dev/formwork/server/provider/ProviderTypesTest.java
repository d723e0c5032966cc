package dev.formwork.server.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.model.EngineId;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.provider.AgentInstall;
import dev.formwork.provider.AgentLaunch;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.PowerControl;
import dev.formwork.provider.PowerState;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ProviderContext;
import dev.formwork.provider.ProviderFactory;
import dev.formwork.provider.tck.InMemoryRecords;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/// Plugins that are compiled and packed here.
class ProviderTypesTest {
    private static final InstanceRef REF = new InstanceRef("one");
    private static final OperationToken TOKEN = new OperationToken("t");

    /// A provider whose machines are on if it is called as plugins are promised, and which tells
    /// whose library it has, one of a name that the engine has too.
    private static final String FACTORY =
            """
            package acme;

            import dev.formwork.provider.*;

            public final class AcmeFactory implements ProviderFactory {
                public String type() {
                    return "TYPE";
                }

                static boolean isAsPromised() {
                    ClassLoader ours = AcmeFactory.class.getClassLoader();
                    return Thread.currentThread().getContextClassLoader() == ours && !sees("dev.formwork.server.Engine")
                            && !sees("com.zaxxer.hikari.HikariDataSource");
                }

                private static boolean sees(String name) {
                    try {
                        Class.forName(name, false, AcmeFactory.class.getClassLoader());
                        return true;
                    } catch (ClassNotFoundException e) {
                        return false;
                    }
                }

                public Provider open(ProviderContext context) {
                    if (!isAsPromised()) {
                        throw new IllegalStateException("not as promised");
                    }
                    return new Provider() {
                        public String name() {
                            return context.name();
                        }
                        public Capabilities capabilities() {
                            return Capabilities.none().with(PowerControl.class, new Power());
                        }
                        public void close() {
                        }
                    };
                }

                static final class Power implements PowerControl {
                    public PowerState power(InstanceRef ref) {
                        return isAsPromised() ? PowerState.ON : PowerState.OFF;
                    }
                    public void powerOn(OperationToken token, InstanceRef ref) {
                        throw ProviderCode.QUOTA.problem(tools.jackson.databind.json.JsonMapper.WHOSE, null);
                    }
                    public void powerOff(OperationToken token, InstanceRef ref) {
                    }
                    public void reset(OperationToken token, InstanceRef ref) {
                    }
                }
            }
            """;

    private static final String LIBRARY =
            """
            package tools.jackson.databind.json;

            public class JsonMapper {
                public static final String WHOSE = String.valueOf("the plugin's");
            }
            """;

    @TempDir private Path folder;
    @TempDir private Path builds;

    @Test
    void opensWhatAPluginBringsApartFromTheEngine() throws IOException {
        plugin("clouds", "acme", FACTORY);
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();

        try (Providers providers =
                open(Map.of("berlin", Value.of(Map.of("type", Value.of("acme")))))) {
            Provider provider = providers.require("berlin");
            PowerControl power = provider.capability(PowerControl.class);

            assertThat(provider.name()).isEqualTo("berlin");
            assertThat(provider.capabilities()).hasToString("PowerControl");
            assertThat(power.power(REF)).isEqualTo(PowerState.ON);
            assertThatThrownBy(() -> power.powerOn(TOKEN, REF))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("provider.quota")
                    .hasMessageContaining("the plugin's");
            assertThat(providers.require("acme").name()).as("without settings").isEqualTo("acme");
            assertThat(providers.require("memory")).as("of the class path").isNotNull();
        }
        assertThat(thread.getContextClassLoader()).isSameAs(before);
    }

    @Test
    void aPluginThatCannotBeUsedKeepsNothingElseFromStarting() throws IOException {
        plugin("good", "good", FACTORY);
        plugin("twice", "memory", FACTORY);
        plugin(
                "needs-more",
                "needs-more",
                FACTORY.replace("if (!isAsPromised()) {", "if (missing.Library.isThere()) {"));
        Files.createDirectories(folder.resolve("empty"));
        Files.createDirectories(folder.resolve("damaged"));
        Files.writeString(folder.resolve("damaged/some.jar"), "no jar");
        plugin("open-to-all", "open", FACTORY);
        Files.setPosixFilePermissions(
                folder.resolve("open-to-all/acme.jar"),
                PosixFilePermissions.fromString("rw-rw-rw-"));

        try (Providers providers = open(Map.of())) {
            assertThat(providers.all())
                    .extracting(Provider::name)
                    .contains("good", "memory")
                    .doesNotContain("twice", "empty", "damaged", "open", "needs-more");
            assertRefused(providers, "twice", "there is a type memory already");
            assertRefused(providers, "empty", "names a factory");
            assertRefused(providers, "damaged", "names a factory");
            assertRefused(providers, "open-to-all", "everybody may write");
            assertRefused(providers, "needs-more", "missing/Library");
        }
        assertThat(ProviderTypes.find(folder.resolve("none")).names()).contains("memory");
    }

    private static void assertRefused(Providers providers, String name, String why) {
        assertThatThrownBy(() -> providers.require(name))
                .hasMessageContaining("provider.plugin-unusable")
                .hasMessageContaining(why);
    }

    private Providers open(Map<String, Value.Struct> configured) {
        return Providers.open(
                ProviderTypes.find(folder),
                configured,
                (name, settings) ->
                        new ProviderContext(
                                name,
                                new EngineId("engine"),
                                folder,
                                settings,
                                URI.create("http://127.0.0.1:1"),
                                Optional.empty(),
                                List.of(),
                                AgentLaunch.java(Path.of("/java"), folder),
                                AgentInstall.NONE,
                                new InMemoryRecords(),
                                Clock.systemUTC(),
                                new Random(1)));
    }

    private void plugin(String name, String type, String factory) throws IOException {
        Path work = Files.createDirectories(builds.resolve(name));
        Path sources = work.resolve("src");
        Path classes = Files.createDirectories(work.resolve("classes"));
        List<Path> files =
                List.of(
                        source(sources, "acme/AcmeFactory.java", factory.replace("TYPE", type)),
                        source(
                                sources,
                                "missing/Library.java",
                                "package missing; public class Library { public static boolean isThere() { return true; } }"),
                        source(sources, "tools/jackson/databind/json/JsonMapper.java", LIBRARY));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter said = new StringWriter();
        boolean compiled =
                compiler.getTask(
                                said,
                                null,
                                null,
                                List.of(
                                        "-proc:none",
                                        "-d",
                                        classes.toString(),
                                        "-cp",
                                        System.getProperty("java.class.path")),
                                null,
                                compiler.getStandardFileManager(null, null, null)
                                        .getJavaFileObjectsFromPaths(files))
                        .call();
        assertThat(compiled).as(said.toString()).isTrue();
        Files.delete(classes.resolve("missing/Library.class"));
        Path services = Files.createDirectories(classes.resolve("META-INF/services"));
        Files.writeString(services.resolve(ProviderFactory.class.getName()), "acme.AcmeFactory\n");
        pack(classes, Files.createDirectories(folder.resolve(name)).resolve("acme.jar"));
    }

    private static Path source(Path folder, String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, text, StandardCharsets.UTF_8);
    }

    private static void pack(Path classes, Path jar) throws IOException {
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file);
                Stream<Path> all = Files.walk(classes)) {
            for (Path each : all.filter(Files::isRegularFile).sorted().toList()) {
                out.putNextEntry(new JarEntry(classes.relativize(each).toString()));
                Files.copy(each, out);
                out.closeEntry();
            }
        }
    }
}
