package dev.formwork.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the demo finds of an earlier start.
class DemoHomeIT {
    @TempDir private Path folder;

    @Test
    void removesWhatAKilledBuildHasLeftAndNothingElse() throws IOException {
        DemoHome home = new DemoHome(folder, "metal-demo");
        home.create();
        home.removeUnfinished();
        Path image = Files.createDirectories(home.directory().resolve("image"));
        Path packages = Files.createDirectories(home.directory().resolve("packages/crun-ab"));
        Files.createDirectories(image.resolve(".build-1/java"));
        Files.writeString(image.resolve(".build-1/root.squashfs"), "half");
        Files.writeString(image.resolve("initrd"), "whole");
        Files.createDirectories(home.directory().resolve("packages/.new-2/files"));

        home.removeUnfinished();

        assertThat(image).isDirectoryNotContaining("glob:**.build-*");
        assertThat(image.resolve("initrd")).hasContent("whole");
        assertThat(packages).isDirectory();
        assertThat(home.directory().resolve("packages/.new-2")).doesNotExist();
    }

    @Test
    void leavesAnImageAloneThatIsSomebodyElses() throws IOException {
        DemoHome home = new DemoHome(folder.resolve("home"), "metal-demo");
        home.create();
        Path others = Files.createDirectories(folder.resolve("others/.build-1"));
        Files.createSymbolicLink(home.directory().resolve("image"), folder.resolve("others"));

        home.removeUnfinished();

        assertThat(others).isDirectory();
    }

    @Test
    void letsOneDemoInAtATimeAndTheNextAfterIt() {
        DemoHome home = new DemoHome(folder, "metal-demo");
        try (DemoHome.Lock _ = home.lock()) {
            assertThatThrownBy(home::lock).hasMessageContaining("demo.busy");
        }
        home.lock().close();
    }
}
