package dev.formwork.cli.plan;

import dev.formwork.cli.session.Session;
import dev.formwork.model.yaml.PackLoader;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Which packs are used over those that the engine has.
public final class PackOptions {
    @Option(
            names = "--pack",
            paramLabel = "DIR",
            description =
                    "A pack to use as well; may be repeated, later ones over earlier ones. The pack"
                            + " around the file is used anyway.")
    List<Path> directories = new ArrayList<>();

    /// Sends the packs to the engine where it has them not.
    ///
    /// @param around a file whose pack is used as well, below those named
    /// @return their digests, later ones over earlier ones
    public List<String> upload(Session session, Optional<Path> around) {
        return all(session, around).stream()
                .map(pack -> session.client().upload(PackLoader.read(pack)))
                .distinct()
                .toList();
    }

    /// The folders of the packs.
    public List<Path> all(Session session, Optional<Path> around) {
        List<Path> packs = new ArrayList<>();
        around.flatMap(PackFinder::around).ifPresent(packs::add);
        directories.stream().map(session::resolve).forEach(packs::add);
        return packs;
    }
}
