package dev.formwork.model.yaml;

import dev.formwork.model.Location;
import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.Problems;
import dev.formwork.model.module.Catalog;
import dev.formwork.model.module.FileTree;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.Pack;
import dev.formwork.model.module.Profile;
import dev.formwork.model.module.Template;
import dev.formwork.model.yaml.Decoding.NameRule;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;

/// Loads a pack: `pack.yaml`, every folder below it that has a `module.yaml`, and
/// `profiles/*.yaml`.
///
/// A module's folder ends where the folder of another module begins, and its `tests/` hold no
/// modules. All problems of all files are reported together.
public final class PackLoader {
    /// The file that makes a directory a pack.
    public static final String FILE = "pack.yaml";

    private static final String PROFILES = "profiles/";

    private PackLoader() {}

    /// Reads a directory and loads it.
    ///
    /// @throws ProblemException `pack.*` for what cannot be read, and as [#load(FileTree)]
    public static Pack load(Path directory) {
        return load(read(directory));
    }

    /// Reads a directory as it is: what the CLI uploads. Names that begin with a dot are left out;
    /// symbolic links and oversized files are refused.
    ///
    /// @throws ProblemException `pack.unreadable`, `pack.symlink`, `pack.too-large`, ...
    public static FileTree read(Path directory) {
        return new PackDirectory(directory).read();
    }

    /// Loads a pack from its files, by their paths below the pack's directory.
    ///
    /// @throws ProblemException with every problem of every file; locations name the paths
    public static Pack load(FileTree files) {
        PackDirectory.requireAllowed(files);
        Problems problems = new Problems();
        Optional<Pack> head = collect(problems, () -> head(files));
        List<LoadedModule> modules = modules(files, problems);
        List<Profile> profiles = profiles(files, problems);
        problems.throwIfAny();
        Pack pack = head.orElseThrow();
        return new Pack(
                pack.name(),
                pack.version(),
                pack.summary(),
                Catalog.of(modules, profiles).withDefaults(pack.catalog().defaults()));
    }

    private static Pack head(FileTree files) {
        Location start = new Location(FILE, 1, 1);
        byte[] bytes =
                files.file(FILE)
                        .orElseThrow(() ->
                                new ProblemException(
                                        Problem.at(
                                                start,
                                                "pack.no-pack-yaml",
                                                "the directory has no " + FILE,
                                                "is it the root of a pack?")));
        return Documents.one(
                FILE,
                YamlReader.decode(FILE, bytes),
                (document, context) ->
                        Kinds.of(document, List.of("Pack"), context)
                                .map(_ -> pack(document, context)));
    }

    private static Pack pack(Marked document, Decoding context) {
        Fields fields = Fields.open(document, Shape.PACK, context);
        return new Pack(
                fields.name("name", NameRule.LABEL),
                fields.map("version", node -> Kinds.version(node, context)).orElse(""),
                fields.text("summary"),
                Catalog.EMPTY.withDefaults(defaults(fields, context)));
    }

    private static Map<String, Template.Constant> defaults(Fields fields, Decoding context) {
        Templates templates = new Templates(context);
        return fields.map(
                        "defaults",
                        node ->
                                context.map(
                                        node,
                                        NameRule.IDENTIFIER,
                                        entry ->
                                                new Template.Constant(
                                                        templates.constant(
                                                                entry.value(), "a default"),
                                                        entry.at())))
                .orElse(Map.of());
    }

    private static List<LoadedModule> modules(FileTree files, Problems problems) {
        List<LoadedModule> modules = new ArrayList<>();
        Map<String, String> folderByName = new HashMap<>();
        folders(files, problems)
                .forEach((folder, content) -> {
                    Optional<LoadedModule> loaded =
                            collect(problems, () -> ModuleLoader.load(content, folder));
                    loaded.ifPresent(module -> {
                        String name = module.module().name();
                        String first = folderByName.putIfAbsent(name, folder);
                        if (first != null) {
                            problems.add(
                                    module.module().header().location(),
                                    "pack.duplicate-module",
                                    "a second module " + name,
                                    "the first is in " + first);
                        }
                        modules.add(module);
                    });
                });
        return modules;
    }

    /// Every module's folder with its own files, by paths below it.
    private static SortedMap<String, FileTree> folders(FileTree files, Problems problems) {
        TreeSet<String> folders = new TreeSet<>();
        for (String path : files.files().keySet()) {
            if (path.equals(ModuleLoader.FILE)) {
                String hint = "put the module into a folder of its own";
                problems.add(
                        new Location(path, 1, 1),
                        "pack.module-at-root",
                        "a pack is no module",
                        hint);
            }
            if (path.equals("module.yml") || path.endsWith("/module.yml")) {
                misnamed(path, problems);
            }
            ModuleLoader.folderOf(path).ifPresent(folders::add);
        }
        folders.removeIf(folder -> isInTests(folder, folders));
        TreeMap<String, TreeMap<String, byte[]>> content = new TreeMap<>();
        files.files()
                .forEach((path, bytes) ->
                        owner(path, folders)
                                .ifPresent(folder ->
                                        content.computeIfAbsent(folder, _ -> new TreeMap<>())
                                                .put(path.substring(folder.length() + 1), bytes)));
        TreeMap<String, FileTree> trees = new TreeMap<>();
        content.forEach((folder, tree) -> trees.put(folder, new FileTree(tree)));
        return trees;
    }

    private static boolean isInTests(String folder, NavigableSet<String> folders) {
        int tests = (folder + "/").indexOf("/tests/");
        return tests > 0 && owner(folder.substring(0, tests) + "/tests", folders).isPresent();
    }

    /// The innermost of the folders above a path.
    private static Optional<String> owner(String path, NavigableSet<String> folders) {
        for (int slash = path.lastIndexOf('/');
                slash > 0;
                slash = path.lastIndexOf('/', slash - 1)) {
            String folder = path.substring(0, slash);
            if (folders.contains(folder)) {
                return Optional.of(folder);
            }
        }
        return Optional.empty();
    }

    private static List<Profile> profiles(FileTree files, Problems problems) {
        List<Profile> profiles = new ArrayList<>();
        Map<String, Location> placeByName = new HashMap<>();
        files.files()
                .forEach((path, bytes) -> {
                    if (path.startsWith(PROFILES) && path.endsWith(".yml")) {
                        misnamed(path, problems);
                    }
                    if (!path.startsWith(PROFILES) || !path.endsWith(".yaml")) {
                        return;
                    }
                    collect(
                                    problems,
                                    () ->
                                            ProfileLoader.loadAll(
                                                    path, YamlReader.decode(path, bytes)))
                            .ifPresent(profiles::addAll);
                });
        for (Profile profile : profiles) {
            Location first = placeByName.putIfAbsent(profile.name(), profile.location());
            if (first != null) {
                problems.add(
                        profile.location(),
                        "pack.duplicate-profile",
                        "a second profile " + profile.name(),
                        "the first is at " + first);
            }
        }
        return profiles;
    }

    private static void misnamed(String path, Problems problems) {
        String detail = Names.abbreviate(path) + " would be ignored";
        problems.add(new Location(path, 1, 1), "pack.bad-file-name", detail, "name it .yaml");
    }

    private static <T> Optional<T> collect(Problems problems, Supplier<T> load) {
        try {
            return Optional.of(load.get());
        } catch (ProblemException e) {
            problems.addAll(e.problems());
            return Optional.empty();
        }
    }
}
