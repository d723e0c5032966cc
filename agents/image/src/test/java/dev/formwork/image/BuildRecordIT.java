package dev.formwork.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.image.lock.Manifest;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// When an image has to be built anew.
class BuildRecordIT {
    @TempDir Path folder;
    private Image image = new Image(Path.of(""), Path.of(""), "");

    @BeforeEach
    void build() throws IOException {
        Path jdk = Files.createDirectory(folder.resolve("jdk"));
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=25");
        Files.writeString(folder.resolve("agent.jar"), "agent");
        image =
                new Image(
                        Files.writeString(folder.resolve("kernel"), "kernel"),
                        Files.writeString(folder.resolve("initrd"), "initrd"),
                        "6.1");
        record(List.of()).write(image);
    }

    @Test
    void isThereWhereNothingHasChanged() throws IOException {
        assertThat(record(List.of()).upToDate()).contains(image);
    }

    @Test
    void isNotThereWhereAnythingElseIsWanted() throws IOException {
        assertThat(record(List.of("ssh")).upToDate()).isEmpty();
        Manifest nothing = new Manifest("amd64", List.of());
        assertThat(record(List.of("server"), List.of(), nothing).upToDate())
                .as("other drivers")
                .isEmpty();
        assertThat(record(List.of("cloud"), List.of(), Locker.standard("amd64")).upToDate())
                .as("another manifest")
                .isEmpty();
        Files.writeString(folder.resolve("agent.jar"), "another agent");
        assertThat(record(List.of()).upToDate()).isEmpty();
    }

    @Test
    void isNotThereWhereItsJdkHasChanged() throws IOException {
        Files.writeString(folder.resolve("jdk/release"), "JAVA_VERSION=26");
        assertThat(record(List.of()).upToDate()).isEmpty();
    }

    @Test
    void isNotThereWhereSomebodyHasTouchedIt() throws IOException {
        Files.writeString(image.initrd(), "something else");
        assertThat(record(List.of()).upToDate()).isEmpty();
        Files.delete(image.initrd());
        assertThat(record(List.of()).upToDate()).isEmpty();
    }

    private BuildRecord record(List<String> options) throws IOException {
        return record(List.of("cloud"), options, new Manifest("amd64", List.of()));
    }

    private BuildRecord record(List<String> drivers, List<String> options, Manifest manifest)
            throws IOException {
        return BuildRecord.of(
                new ImageRequest(
                        drivers,
                        options,
                        List.of(folder.resolve("agent.jar")),
                        folder.resolve("jdk"),
                        folder.resolve("packages"),
                        folder),
                manifest);
    }
}
