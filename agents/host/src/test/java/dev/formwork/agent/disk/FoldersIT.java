package dev.formwork.agent.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assumptions.assumeThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

final class FoldersIT {
    @TempDir private Path root;

    @Test
    void removesAFolderAndFollowsNoLink() throws IOException {
        Path kept = Files.createDirectories(root.resolve("kept"));
        Files.writeString(kept.resolve("file"), "x");
        Path folder = root.resolve("folder");
        Files.createDirectories(folder.resolve("below"));
        Files.createSymbolicLink(folder.resolve("link"), kept);
        Files.writeString(folder.resolve("below/file"), "x");

        Folders.delete(folder);

        assertThat(folder).doesNotExist();
        assertThat(kept.resolve("file")).exists();
    }

    @Test
    void touchesNothingWhereSomethingIsMountedBelow() throws Exception {
        Path kept = Files.createDirectories(root.resolve("kept"));
        Files.writeString(kept.resolve("file"), "x");
        Path mount = Files.createDirectories(root.resolve("folder/mount"));
        assumeThat(run("mount", "--bind", kept.toString(), mount.toString()))
                .as("only root can mount")
                .isZero();
        try {
            assertThatIOException()
                    .isThrownBy(() -> Folders.delete(root.resolve("folder")))
                    .withMessageContaining("mounted");
            assertThat(kept.resolve("file")).exists();
        } finally {
            assertThat(run("umount", mount.toString())).isZero();
        }
    }

    @Test
    void isContentWhereThereIsNothing() throws IOException {
        Folders.delete(root.resolve("missing"));

        assertThat(root).isEmptyDirectory();
    }

    private static int run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command).inheritIO().start().waitFor();
    }
}
