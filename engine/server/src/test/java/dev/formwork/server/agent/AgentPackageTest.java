package dev.formwork.server.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.agent.archive.TarReader;
import dev.formwork.provider.AgentLaunch;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

class AgentPackageTest {
    @TempDir private Path folder;
    private Path jars;

    @BeforeEach
    void lay() throws IOException {
        jars = Files.createDirectories(folder.resolve("app"));
        Files.writeString(jars.resolve("agent.jar"), "the agent");
        Files.writeString(jars.resolve("library.jar"), "a library");
    }

    private AgentPackage agentPackage() {
        return new AgentPackage(
                AgentLaunch.java(Path.of("/java"), jars), folder.resolve("packages"));
    }

    @Test
    void holdsTheJars() throws IOException {
        assertThat(names(agentPackage().file(AgentPackage.JARS)))
                .containsExactly("lib/", "lib/agent.jar", "lib/library.jar");
    }

    @Test
    void isMadeAnewByAnotherEngine() throws IOException {
        Path file = agentPackage().file(AgentPackage.JARS);
        Files.writeString(jars.resolve("new.jar"), "of the next version");

        assertThat(names(agentPackage().file(AgentPackage.JARS))).contains("lib/new.jar");
        assertThat(file.resolveSibling("")).isDirectoryContaining(file::equals);
    }

    @Test
    void isStartedAsOnThisHostFromWhereItIsUnpacked() {
        List<String> here = AgentLaunch.java(Path.of("/java"), jars).command();

        List<String> there = agentPackage().command("/there", "/usr/bin/java");

        assertThat(there).hasSameSizeAs(here).startsWith("/usr/bin/java", "-Xmx96m");
        assertThat(there).contains("/there/lib/*").doesNotContain(jars + "/*");
    }

    @Test
    void thereIsNoneForOtherMachinesThanTheEnginesOwn() {
        assertThatThrownBy(() -> agentPackage().file("linux-vax"))
                .hasMessageContaining("agent.no-package")
                .hasMessageContaining(AgentPackage.ownKind());
        assertThatThrownBy(() -> agentPackage().file("../../etc/passwd"))
                .hasMessageContaining("agent.no-package");
    }

    private static List<String> names(Path archive) throws IOException {
        List<String> names = new ArrayList<>();
        try (GZIPInputStream in = new GZIPInputStream(Files.newInputStream(archive))) {
            TarReader entries = new TarReader(in);
            for (TarReader.Header next = entries.next(); next != null; next = entries.next()) {
                names.add(next.path());
            }
        }
        return names;
    }
}
