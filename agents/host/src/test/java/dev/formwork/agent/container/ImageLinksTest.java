package dev.formwork.agent.container;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.agent.disk.Folders;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;

final class ImageLinksTest {
    private static final Path IMAGE = Path.of("/images/one");

    @TempDir private Path jobs;

    @Test
    void findsTheImagesThatJobsRunIn() throws IOException {
        link("a");
        Files.createDirectories(jobs.resolve("b/phase-1/2.scratch"));

        assertThat(new ImageLinks(jobs).targets()).containsExactly(IMAGE);
        assertThat(new ImageLinks(jobs.resolve("none")).targets()).isEmpty();
    }

    @Test
    void otherJobsMayEndMeanwhile() throws Exception {
        link("stays");
        AtomicBoolean done = new AtomicBoolean();
        Thread others =
                Thread.ofVirtual()
                        .start(() -> {
                            while (!done.get()) {
                                try {
                                    link("ends");
                                    Folders.delete(jobs.resolve("ends"));
                                } catch (IOException e) {
                                    throw new UncheckedIOException(e);
                                }
                            }
                        });
        ImageLinks links = new ImageLinks(jobs);
        try {
            for (int i = 0; i < 5000; i++) {
                assertThat(links.targets()).containsExactly(IMAGE);
            }
        } finally {
            done.set(true);
            others.join();
        }
    }

    private void link(String attempt) throws IOException {
        Path scratch = Files.createDirectories(jobs.resolve(attempt + "/phase-1/0.scratch"));
        Files.createSymbolicLink(scratch.resolve(Bundle.IMAGE), IMAGE);
    }
}
