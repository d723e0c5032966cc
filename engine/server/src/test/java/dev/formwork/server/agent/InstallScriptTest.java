package dev.formwork.server.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.model.MachineId;
import dev.formwork.model.value.Value;
import dev.formwork.provider.AgentInstall;
import dev.formwork.provider.AgentLaunch;
import dev.formwork.provider.BootToken;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.LinkedJava;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

class InstallScriptTest {
    private static final String TOKEN = "'\"$(reboot)`x`\\@CA@";

    @TempDir private Path folder;

    private InstallScript of(List<URI> engines) {
        return new InstallScript(
                engines,
                "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n",
                agentPackage(folder));
    }

    /// With a Java that is quickly packed.
    static AgentPackage agentPackage(Path folder) {
        try {
            Path jars = Files.createDirectories(folder.resolve("app"));
            Files.writeString(jars.resolve("agent.jar"), "the agent");
            Path java = Files.createDirectories(folder.resolve("java/bin"));
            Files.writeString(java.resolve("java"), "#!/bin/sh\n");
            return new AgentPackage(
                    AgentLaunch.java(Path.of("/java"), jars),
                    folder.resolve("packages"),
                    new LinkedJava(folder.resolve("java"), folder, "1"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    static InstanceRequest request() {
        return new InstanceRequest(
                new MachineId("m-1"),
                "demo-members-0",
                new BootToken(TOKEN),
                Map.of(),
                Value.Struct.EMPTY);
    }

    private String script(Optional<String> java) {
        return of(List.of(URI.create("https://a:7443"), URI.create("https://b:7443")))
                .script(request(), java);
    }

    @Test
    void isShellAndFitsIntoAnyUserData() throws Exception {
        String script = script(Optional.empty());
        assertThat(script).startsWith("#!/bin/sh\n").doesNotContain("@TOKEN@", "@ENGINES@");
        assertThat(script.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(8192);
        assertThat(StandardCharsets.US_ASCII.newEncoder().canEncode(script)).isTrue();
        Path file = Files.writeString(folder.resolve("install.sh"), script);
        Process checked = new ProcessBuilder("/bin/sh", "-n", file.toString()).inheritIO().start();
        assertThat(checked.waitFor()).isZero();
    }

    /// What stands before the download is run as it is.
    @Test
    void noValueIsACommand() throws Exception {
        String script = script(Optional.empty());
        Path home = folder.resolve("home");
        Path file =
                Files.writeString(
                        folder.resolve("install.sh"),
                        script.substring(0, script.indexOf("if [ ! -d \"$home/package\" ]")));

        assertThat(run(file, home)).isZero();

        assertThat(home.resolve("boot-token")).content().isEqualTo(TOKEN + "\n");
        assertThat(home.resolve("machine")).content().isEqualTo("m-1\n");
        assertThat(home.resolve("ca.pem"))
                .content()
                .startsWith("-----BEGIN CERTIFICATE-----\nMIIB\n");
    }

    @Test
    void onTheDiskOfAnotherMachineItBeginsAnew() throws Exception {
        String script = script(Optional.empty());
        Path home = Files.createDirectories(folder.resolve("home"));
        Files.createDirectories(home.resolve("agent/journal"));
        Files.writeString(home.resolve("machine"), "m-0\n");
        Path file =
                Files.writeString(
                        folder.resolve("install.sh"),
                        script.substring(0, script.indexOf("if [ ! -d \"$home/package\" ]")));

        assertThat(run(file, home)).isZero();
        assertThat(home.resolve("agent/journal")).doesNotExist();
        Files.createDirectories(home.resolve("agent/journal"));
        assertThat(run(file, home)).isZero();
        assertThat(home.resolve("agent/journal")).as("its own is left alone").exists();
    }

    private static int run(Path file, Path home) throws IOException, InterruptedException {
        ProcessBuilder shell = new ProcessBuilder("/bin/sh", file.toString()).inheritIO();
        shell.environment().put("FORMWORK_HOME", home.toString());
        return shell.start().waitFor();
    }

    @Test
    void takesTheJavaOfTheImage() {
        assertThat(script(Optional.of("/usr/lib/jvm/java-25/bin/java")))
                .contains(
                        "java=\"/usr/lib/jvm/java-25/bin/java\"",
                        "\"$home\" jars " + agentPackage(folder).sha256("jars") + " ")
                .doesNotContain("$home/package/java");
        assertThat(script(Optional.empty()))
                .contains("java=\"$home/package/java/bin/java\"", "\"linux-$(uname -m)\"");
    }

    @ParameterizedTest
    @ValueSource(strings = {"java", "/usr/$(reboot)/java", "/a b", "/a\"b", "/", "/a\n/b"})
    void refusesAJavaThatIsNoPlainPath(String java) {
        assertThatThrownBy(() -> script(Optional.of(java)))
                .hasMessageContaining("provider.invalid-spec");
    }

    @Test
    void thereIsNoneWhereNoMachineCanCall() {
        for (AgentInstall none : List.of(AgentInstall.NONE, of(List.of()))) {
            assertThatThrownBy(() -> none.script(request(), Optional.empty()))
                    .hasMessageContaining("agent.no-engine-url");
        }
    }
}
