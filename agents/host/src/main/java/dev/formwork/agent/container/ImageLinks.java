package dev.formwork.agent.container;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotLinkException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The links of jobs to the images that they run in. A job that ends takes its folder away while
/// another looks here: what goes meanwhile is as good as gone.
final class ImageLinks {
    private final Path jobs;

    /// @param jobs the folder of the jobs' folders
    ImageLinks(Path jobs) {
        this.jobs = jobs;
    }

    /// The images that a job has a link to.
    Set<Path> targets() throws IOException {
        Set<Path> targets = new HashSet<>();
        for (Path attempt : list(jobs, "*")) {
            for (Path phase : list(attempt, "phase-*")) {
                for (Path scratch : list(phase, "*.scratch")) {
                    try {
                        targets.add(Files.readSymbolicLink(scratch.resolve(Bundle.IMAGE)));
                    } catch (NoSuchFileException | NotLinkException e) {
                        // A phase that has no image, or none any more.
                    }
                }
            }
        }
        return targets;
    }

    private static List<Path> list(Path folder, String glob) throws IOException {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, glob)) {
                all.forEach(found::add);
            } catch (NoSuchFileException e) {
                // Gone since.
            }
        }
        return found;
    }
}
