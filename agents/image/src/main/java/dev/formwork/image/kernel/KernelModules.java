package dev.formwork.image.kernel;

import dev.formwork.image.tree.ImageTree;
import dev.formwork.model.ProblemException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The modules of one kernel. Immutable.
public final class KernelModules {
    private final Path folder;
    private final String version;
    private final SortedMap<String, KernelModule> byName;

    private KernelModules(Path folder, String version, SortedMap<String, KernelModule> byName) {
        this.folder = folder;
        this.version = version;
        this.byName = byName;
    }

    /// Reads those of an unpacked kernel package.
    ///
    /// @throws ProblemException `image.bad-package`
    public static KernelModules in(Path kernelPackage) throws IOException {
        Path lib = kernelPackage.resolve("lib/modules");
        List<Path> versions;
        try (Stream<Path> list = Files.isDirectory(lib) ? Files.list(lib) : Stream.empty()) {
            versions = list.toList();
        }
        if (versions.size() != 1) {
            throw ProblemException.of(
                    "image.bad-package", "the kernel's package holds not one kernel", null);
        }
        Path folder = versions.getFirst();
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.filter(file -> file.toString().endsWith(".ko")).sorted().toList();
        }
        SortedMap<String, KernelModule> byName = new TreeMap<>();
        for (Path file : files) {
            KernelModule module = KernelModule.read(folder.relativize(file).toString(), file);
            byName.put(module.name(), module);
        }
        return new KernelModules(folder, folder.getFileName().toString(), byName);
    }

    /// Such as `6.1.0-56-amd64`.
    public String version() {
        return version;
    }

    /// The kernel itself.
    public Path kernel() {
        return folder.resolve("../../../boot/vmlinuz-" + version).normalize();
    }

    /// The names of all modules that a choice picks, with all that they need.
    ///
    /// @param choice paths below `kernel/`: one module without `.ko`, or with a slash at the end
    ///   all in that folder and below
    /// @throws ProblemException `image.driver-unknown`, with all that are
    public SortedSet<String> choose(Collection<String> choice) {
        SortedSet<String> chosen = new TreeSet<>();
        List<String> unknown = new ArrayList<>();
        for (String each : choice) {
            List<KernelModule> found = matching(each);
            if (found.isEmpty() && !isBuiltIn(each)) {
                unknown.add(each);
            }
            found.forEach(module -> add(module.name(), chosen));
        }
        if (!unknown.isEmpty()) {
            throw ProblemException.of(
                    "image.driver-unknown",
                    "the kernel " + version + " has no " + String.join(", ", unknown),
                    "mend the driver sets; `lib/modules` of the kernel's package shows what there"
                            + " is");
        }
        return chosen;
    }

    /// The paths of modules in an order in which they can be loaded one by one.
    public List<String> loadOrder(Collection<String> names) {
        Set<String> ordered = new LinkedHashSet<>();
        for (String each : names) {
            List<String> needs = needs(each);
            for (String need : needs.reversed()) {
                ordered.add(module(need).path());
            }
            ordered.add(module(each).path());
        }
        return List.copyOf(ordered);
    }

    /// Puts modules into an image, with the tables by which `modprobe` finds them.
    public void addTo(ImageTree tree, Collection<String> names) throws IOException {
        String base = "usr/lib/modules/" + version + "/";
        StringBuilder dependencies = new StringBuilder();
        StringBuilder aliases = new StringBuilder();
        for (String name : names) {
            KernelModule module = module(name);
            tree.file(base + module.path(), 0644, module.file());
            dependencies.append(module.path()).append(':');
            for (String need : needs(name)) {
                dependencies.append(' ').append(module(need).path());
            }
            dependencies.append('\n');
            for (String alias : module.aliases()) {
                aliases.append("alias ").append(alias).append(' ').append(name).append('\n');
            }
        }
        tree.file(base + "modules.dep", 0644, dependencies.toString());
        tree.file(base + "modules.alias", 0644, aliases.toString());
        tree.file(
                base + "modules.builtin",
                0644,
                Files.readString(folder.resolve("modules.builtin")));
    }

    private List<KernelModule> matching(String choice) {
        String wanted = "kernel/" + choice;
        return byName.values().stream()
                .filter(module ->
                        wanted.endsWith("/")
                                ? module.path().startsWith(wanted)
                                : module.path().equals(wanted + ".ko"))
                .toList();
    }

    /// A module of one kernel may be a part of another.
    private boolean isBuiltIn(String choice) {
        try {
            return Files.readString(folder.resolve("modules.builtin"))
                    .contains("kernel/" + choice + ".ko\n");
        } catch (IOException e) {
            return false;
        }
    }

    private void add(String name, Set<String> chosen) {
        KernelModule module = byName.get(name);
        // What is no module is built in, or this kernel goes without it.
        if (module != null && chosen.add(name)) {
            module.depends().forEach(each -> add(each, chosen));
            module.soft().forEach(each -> add(each, chosen));
        }
    }

    /// All that a module needs, each before what it needs itself.
    private List<String> needs(String name) {
        Set<String> loaded = new LinkedHashSet<>();
        for (String each : module(name).depends()) {
            load(each, loaded);
        }
        return List.copyOf(loaded).reversed();
    }

    private void load(String name, Set<String> loaded) {
        if (byName.containsKey(name) && !loaded.contains(name)) {
            module(name).depends().forEach(each -> load(each, loaded));
            loaded.add(name);
        }
    }

    private KernelModule module(String name) {
        KernelModule module = byName.get(name);
        if (module == null) {
            throw new IllegalArgumentException("there is no module " + name);
        }
        return module;
    }

    Map<String, KernelModule> byName() {
        return byName;
    }
}
