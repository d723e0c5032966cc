package dev.formwork.image;

import dev.formwork.image.elf.ElfFile;
import dev.formwork.image.tree.Entry;
import dev.formwork.image.tree.ImageTree;
import dev.formwork.model.ProblemException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Takes programs out of unpacked packages, and the libraries that they ask for.
final class Userland {
    private static final String LIBRARIES = "usr/lib/x86_64-linux-gnu/";

    private final ImageTree tree;
    private final Map<String, Path> libraries = new TreeMap<>();

    Userland(ImageTree tree) {
        this.tree = tree;
    }

    /// Puts files of a package into the image. What else the package has can only be asked for as a
    /// library.
    ///
    /// @throws ProblemException `image.file-missing`
    void take(String name, Path unpacked, List<String> files) throws IOException {
        try (Stream<Path> walk = Files.walk(unpacked)) {
            for (Path file : walk.sorted().toList()) {
                String base = file.getFileName().toString();
                if (base.contains(".so.") || base.endsWith(".so")) {
                    libraries.putIfAbsent(base, file);
                }
            }
        }
        for (String each : files) {
            Path path = unpacked.resolve(each);
            if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
                throw ProblemException.of(
                        "image.file-missing",
                        "the package " + name + " has no file " + each,
                        "another version of it may: mend recipe.yaml");
            }
            add(unpacked, path);
        }
    }

    /// Adds what the programs in the image ask for, and what that asks for.
    ///
    /// @throws ProblemException `image.library-missing`, with all that are
    void addLibraries() throws IOException {
        Set<String> present = new HashSet<>();
        Deque<Map.Entry<String, Entry>> open = new ArrayDeque<>(tree.entries().entrySet());
        tree.entries().keySet().forEach(path -> present.add(name(path)));
        Set<String> missing = new TreeSet<>();
        while (!open.isEmpty()) {
            Map.Entry<String, Entry> each = open.removeFirst();
            for (String wanted : wanted(each.getValue())) {
                if (!present.add(name(wanted))) {
                    continue;
                }
                Path library = libraries.get(name(wanted));
                Path file = library == null ? null : real(library);
                if (file == null) {
                    missing.add(name(wanted) + " for " + each.getKey());
                    continue;
                }
                String place = wanted.startsWith("/") ? wanted.substring(1) : LIBRARIES + wanted;
                tree.file(place, 0755, file);
                open.add(Map.entry(place, tree.entries().get(tree.place(place))));
            }
        }
        if (!missing.isEmpty()) {
            throw ProblemException.of(
                    "image.library-missing",
                    "no package has " + String.join(", ", missing),
                    "add the packages to recipe.yaml, and run `formwork image lock`");
        }
    }

    private void add(Path unpacked, Path path) throws IOException {
        if (Files.isSymbolicLink(path)) {
            tree.link(
                    unpacked.relativize(path).toString(), Files.readSymbolicLink(path).toString());
        } else if (Files.isDirectory(path)) {
            try (Stream<Path> list = Files.list(path)) {
                for (Path each : list.sorted().toList()) {
                    add(unpacked, each);
                }
            }
        } else {
            tree.file(
                    unpacked.relativize(path).toString(),
                    Files.isExecutable(path) ? 0755 : 0644,
                    path);
        }
    }

    private static List<String> wanted(Entry entry) throws IOException {
        if (!(entry instanceof Entry.Content content) || content.source().size() > (64 << 20)) {
            return List.of();
        }
        byte[] bytes;
        try (InputStream in = content.source().open()) {
            byte[] start = in.readNBytes(4);
            if (start.length < 4 || start[0] != 0x7f || start[1] != 'E') {
                return List.of();
            }
        }
        try (InputStream in = content.source().open()) {
            bytes = in.readAllBytes();
        }
        ElfFile elf = ElfFile.read(bytes);
        if (elf == null) {
            return List.of();
        }
        List<String> wanted = new ArrayList<>(elf.needed());
        // Libraries ask for it by its name alone, and it must be where the programs say.
        wanted.removeIf(each -> each.startsWith("ld-linux"));
        if (elf.interpreter() != null) {
            wanted.addFirst(elf.interpreter());
        }
        return wanted;
    }

    /// The file that a library's name leads to. A link names one beside it, or one of the package
    /// by its place on a machine.
    private @Nullable Path real(Path library) throws IOException {
        if (!Files.isSymbolicLink(library)) {
            return library;
        }
        Path target = libraries.get(name(Files.readSymbolicLink(library).toString()));
        return target == null || Files.isSymbolicLink(target) ? null : target;
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }
}
