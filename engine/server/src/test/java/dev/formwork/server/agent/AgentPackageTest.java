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
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.Period;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
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
        assertThat(names(agentPackage().file(AgentPackage.JARS, Optional.empty())))
                .containsExactly("lib/", "lib/agent.jar", "lib/library.jar");
    }

    @Test
    void isMadeAnewByAnotherEngine() throws IOException {
        Path file = agentPackage().file(AgentPackage.JARS, Optional.empty());
        Files.writeString(jars.resolve("new.jar"), "of the next version");

        assertThat(names(agentPackage().file(AgentPackage.JARS, Optional.empty())))
                .contains("lib/new.jar");
        assertThat(file.resolveSibling("")).isDirectoryContaining(file::equals);
    }

    @Test
    void isKnownByItsDigest() throws Exception {
        String sha256 = agentPackage().sha256(AgentPackage.JARS);

        assertThat(agentPackage().sha256(AgentPackage.JARS))
                .as("the same, if nothing has changed")
                .isEqualTo(sha256);
        byte[] archive =
                Files.readAllBytes(agentPackage().file(AgentPackage.JARS, Optional.of(sha256)));
        assertThat(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(archive)))
                .isEqualTo(sha256);
    }

    /// A machine that was told of it may fetch it only after the engine was replaced.
    @Test
    void theOneBeforeIsKept() throws IOException {
        List<String> digests = new ArrayList<>();
        for (int version = 1; version <= 3; version++) {
            Files.writeString(jars.resolve("agent.jar"), "version " + version);
            digests.add(agentPackage().sha256(AgentPackage.JARS));
            age(digests.getLast(), 3 - version);
        }

        AgentPackage now = agentPackage();
        assertThat(now.file(AgentPackage.JARS, Optional.of(digests.get(1)))).exists();
        assertThat(now.file(AgentPackage.JARS, Optional.of(digests.get(2)))).exists();
        assertThatThrownBy(() -> now.file(AgentPackage.JARS, Optional.of(digests.get(0))))
                .hasMessageContaining("agent.package-digest");
        assertThatThrownBy(() -> now.file(AgentPackage.JARS, Optional.of("../agent-jars")))
                .hasMessageContaining("agent.package-digest");
    }

    private void age(String sha256, int days) throws IOException {
        Path file = folder.resolve("packages/agent-jars-" + sha256 + ".tar.gz");
        Files.setLastModifiedTime(
                file,
                FileTime.from(Instant.parse("2026-01-04T00:00:00Z").minus(Period.ofDays(days))));
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
        assertThatThrownBy(() -> agentPackage().file("linux-vax", Optional.empty()))
                .hasMessageContaining("agent.no-package")
                .hasMessageContaining(AgentPackage.ownKind());
        assertThatThrownBy(() -> agentPackage().file("../../etc/passwd", Optional.empty()))
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
