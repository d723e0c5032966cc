package dev.formwork.boot.content;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The files below a directory. A link that leads out of it leads nowhere.
public final class DirectorySource implements ContentSource {
    private static final Logger LOG = LoggerFactory.getLogger(DirectorySource.class);

    private final Path root;

    public DirectorySource(Path root) {
        this.root = root;
    }

    @Override
    public Optional<Content> find(Asked asked) {
        return ContentPath.of(asked.path()).flatMap(this::find);
    }

    private Optional<Content> find(String path) {
        try {
            Path file = root.resolve(path);
            if (!Files.isRegularFile(file)) {
                return Optional.empty();
            }
            Path real = file.toRealPath();
            return real.startsWith(root.toRealPath())
                    ? Optional.of(new Content.Stored(real))
                    : Optional.empty();
        } catch (IOException e) {
            LOG.warn("{} of {} cannot be served: {}", path, root, e.toString());
            return Optional.empty();
        }
    }
}
