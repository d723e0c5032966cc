package dev.formwork.provider.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.provider.LinkedJava;
import dev.formwork.provider.ssh.connection.Upload;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

class JavaParcelIT {
    @TempDir private Path folder;

    /// A Java whose `jlink` does this.
    private Path java(String jlink) throws IOException {
        Path home = folder.resolve("home");
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("bin/java"), "the java");
        Path program = Files.writeString(home.resolve("bin/jlink"), "#!/bin/sh\n" + jlink + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        return home;
    }

    @Test
    void whereLinkingFailsAllOfTheJavaGoesAlong() throws Exception {
        Path home = java("echo 'lib/security/cacerts has been modified'; exit 1");

        Parcel parcel = new JavaParcel(new LinkedJava(home, folder.resolve("data"), "25")).files();

        assertThat(parcel.files()).extracting(Upload::name).contains("bin/java", "bin/jlink");
        try (Stream<Path> left = Files.list(folder.resolve("data"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void whatWasLinkedIsKept() throws Exception {
        Path home =
                java(
                        """
                        for output; do :; done
                        mkdir -p "$output/bin" && echo linked >"$output/bin/java"\
                        """);

        Parcel first = new JavaParcel(new LinkedJava(home, folder.resolve("data"), "25")).files();
        Files.writeString(home.resolve("bin/jlink"), "#!/bin/sh\nexit 1\n");
        Parcel second = new JavaParcel(new LinkedJava(home, folder.resolve("data"), "25")).files();

        assertThat(first.files()).extracting(Upload::name).containsExactly("bin/java");
        assertThat(second).isEqualTo(first);
        try (Stream<Path> left = Files.list(folder.resolve("data"))) {
            assertThat(left).hasSize(1);
        }
    }
}
