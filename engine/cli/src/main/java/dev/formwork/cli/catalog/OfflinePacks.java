package dev.formwork.cli.catalog;

import dev.formwork.cli.plan.PackFinder;
import dev.formwork.model.Location;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.Problems;
import dev.formwork.model.module.Catalog;
import dev.formwork.model.module.FileTree;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.yaml.ModuleLoader;
import dev.formwork.model.yaml.PackLoader;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// Loads packs and modules from disk. Problems name files as the person who runs the program would:
/// relative to the working directory.
public final class OfflinePacks {
    private final Path workingDirectory;
    private final Optional<Path> standard;

    /// @param standard the pack that every plan uses
    public OfflinePacks(Path workingDirectory, Optional<Path> standard) {
        this.workingDirectory = workingDirectory;
        this.standard = standard;
    }

    /// What can be used around a file: the standard pack, over it the pack around the file, over it
    /// those named.
    ///
    /// @param problems gets what is wrong in a pack; such a pack is left out
    public Catalog around(Path file, List<Path> named, Problems problems) {
        List<Path> folders = new ArrayList<>(standard.stream().toList());
        PackFinder.around(file).filter(pack -> !folders.contains(pack)).ifPresent(folders::add);
        folders.addAll(named);
        Catalog catalog = Catalog.EMPTY;
        for (Path folder : folders) {
            catalog = catalog.with(pack(folder, problems));
        }
        return catalog;
    }

    /// The modules and profiles of a pack; nothing where something is wrong with it.
    public Catalog pack(Path folder, Problems problems) {
        try {
            return PackLoader.load(folder).catalog();
        } catch (ProblemException e) {
            e.problems().forEach(problem -> problems.add(below(folder, problem)));
            return Catalog.EMPTY;
        }
    }

    /// A module's folder by itself.
    ///
    /// @throws ProblemException with every problem of the module
    public LoadedModule module(Path folder) {
        try {
            return ModuleLoader.load(new FileTree(files(folder)));
        } catch (ProblemException e) {
            throw new ProblemException(
                    e.problems().stream().map(problem -> below(folder, problem)).toList());
        }
    }

    /// The folder of a module in a pack, found by the module's name.
    public Optional<Path> folderOf(String module, Path pack) {
        try (Stream<Path> files = Files.walk(pack, 12)) {
            return files.filter(file -> file.endsWith(ModuleLoader.FILE))
                    .map(Path::getParent)
                    .filter(folder -> isModule(folder, module))
                    .findFirst();
        } catch (IOException | java.io.UncheckedIOException e) {
            return Optional.empty();
        }
    }

    /// A problem whose file is below a folder, as seen from the working directory.
    public Problem below(Path folder, Problem problem) {
        Location at = problem.location();
        if (at == null) {
            return problem;
        }
        return Problem.at(
                new Location(shown(folder.resolve(at.file())), at.line(), at.column()),
                problem.code(),
                problem.detail(),
                problem.hint());
    }

    /// A path as a person would write it.
    public String shown(Path path) {
        Path absolute = workingDirectory.resolve(path).normalize();
        return absolute.startsWith(workingDirectory)
                ? workingDirectory.relativize(absolute).toString()
                : absolute.toString();
    }

    private static boolean isModule(@Nullable Path folder, String name) {
        if (folder == null) {
            return false;
        }
        try (Stream<String> lines = Files.lines(folder.resolve(ModuleLoader.FILE))) {
            return lines.anyMatch(
                    line -> line.strip().matches("name:\\s*['\"]?" + name + "['\"]?(\\s+#.*)?"));
        } catch (IOException | java.io.UncheckedIOException e) {
            return false;
        }
    }

    /// Read as a pack reads them, with the same limits.
    private static Map<String, byte[]> files(Path folder) {
        Map<String, byte[]> files = new TreeMap<>(PackLoader.read(folder).files());
        // Folders of other modules below are not part of this one.
        List<String> inner =
                files.keySet().stream()
                        .filter(path -> path.endsWith("/" + ModuleLoader.FILE))
                        .filter(path -> !path.startsWith("tests/"))
                        .map(path -> path.substring(0, path.length() - ModuleLoader.FILE.length()))
                        .toList();
        files.keySet().removeIf(path -> inner.stream().anyMatch(path::startsWith));
        return files;
    }
}
