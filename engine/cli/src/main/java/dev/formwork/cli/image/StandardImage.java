package dev.formwork.cli.image;

import dev.formwork.cli.session.Session;
import dev.formwork.image.Image;
import dev.formwork.image.ImageBuilder;
import dev.formwork.image.ImageRequest;
import dev.formwork.image.Locker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The container OS as this installation builds it where nothing else is wished.
public final class StandardImage {
    static final List<String> DRIVERS = List.of("cloud", "server");

    private final Session session;

    public StandardImage(Session session) {
        this.session = session;
    }

    /// Builds it for amd64.
    ///
    /// @param out gets `kernel` and `initrd`
    /// @param packages keeps what is fetched
    public Image build(Path out, Path packages, Consumer<String> progress) throws IOException {
        return new ImageBuilder(Locker.standard("amd64"), progress)
                .build(new ImageRequest(DRIVERS, List.of(), agentJars(), java(), packages, out));
    }

    List<Path> agentJars() throws IOException {
        try (Stream<Path> jars = Files.list(session.distribution().agentJars())) {
            return jars.filter(jar -> jar.toString().endsWith(".jar")).sorted().toList();
        }
    }

    static Path java() {
        return Path.of(System.getProperty("java.home"));
    }
}
