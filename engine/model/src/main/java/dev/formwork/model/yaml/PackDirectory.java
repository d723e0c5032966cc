package dev.formwork.model.yaml;

import dev.formwork.model.Location;
import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.module.FileTree;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// A pack's directory on disk, and the limits that hold for a pack wherever it comes from.
final class PackDirectory {
    private static final int MAX_DEPTH = 20;
    private static final int MAX_FILES = 10_000;
    private static final int MAX_FILE = 8 * 1024 * 1024;
    private static final long MAX_TOTAL = 64L * 1024 * 1024;

    /// Beside a configuration of Terraform's: which providers it takes, by version and digest.
    private static final String PROVIDERS = ".terraform.lock.hcl";

    private final Path root;
    private final TreeMap<String, byte[]> files = new TreeMap<>();
    private final List<Problem> problems = new ArrayList<>();
    private long total;

    PackDirectory(Path root) {
        this.root = root;
    }

    FileTree read() {
        if (!Files.isDirectory(root)) {
            throw new ProblemException(
                    Problem.of("pack.unreadable", "there is no directory " + root));
        }
        try {
            Files.walkFileTree(root, Set.of(), MAX_DEPTH, new Visitor());
        } catch (IOException e) {
            Problem problem = Problem.of("pack.unreadable", root + " cannot be read: " + e);
            throw new ProblemException(List.of(problem), e);
        }
        if (!problems.isEmpty()) {
            throw new ProblemException(problems);
        }
        return new FileTree(files);
    }

    /// Holds the files of a pack that did not come from this class against the same limits.
    static void requireAllowed(FileTree files) {
        List<Problem> problems = new ArrayList<>();
        long total = 0;
        for (Map.Entry<String, byte[]> file : files.files().entrySet()) {
            String path = file.getKey();
            total += file.getValue().length;
            if (!ModulePaths.isSafe(path)) {
                problems.add(badPath(path));
            } else if (file.getValue().length > MAX_FILE) {
                problems.add(tooLarge(path));
            }
        }
        if (files.files().size() > MAX_FILES || total > MAX_TOTAL) {
            problems.add(packTooLarge());
        }
        if (!problems.isEmpty()) {
            throw new ProblemException(problems.subList(0, Math.min(100, problems.size())));
        }
    }

    private static Problem badPath(String path) {
        String detail = "a pack cannot hold the file '" + Names.abbreviate(path) + "'";
        return Problem.of("pack.bad-path", detail, ModulePaths.HINT);
    }

    private static Problem tooLarge(String path) {
        String detail = "the file is larger than " + MAX_FILE / 1024 / 1024 + " MiB";
        String hint = "let a task download it, and check its digest";
        return Problem.at(new Location(path, 1, 1), "pack.file-too-large", detail, hint);
    }

    private static Problem packTooLarge() {
        String most = MAX_FILES + " files or " + MAX_TOTAL / 1024 / 1024 + " MiB";
        return Problem.of("pack.too-large", "the pack holds more than " + most);
    }

    private final class Visitor extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return isHidden(directory) && !directory.equals(root)
                    ? FileVisitResult.SKIP_SUBTREE
                    : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            if (isHidden(file)) {
                return FileVisitResult.CONTINUE;
            }
            String path = root.relativize(file).toString().replace('\\', '/');
            Location at = new Location(path, 1, 1);
            if (attributes.isSymbolicLink()) {
                String hint = "copy what it points at";
                add(Problem.at(at, "pack.symlink", "symbolic links are refused", hint));
            } else if (attributes.isDirectory()) {
                String detail = "nested more than " + MAX_DEPTH + " folders deep";
                add(Problem.at(at, "pack.too-large", detail, null));
            } else if (!attributes.isRegularFile()) {
                add(Problem.at(at, "pack.unreadable", "this is no regular file", null));
            } else if (!ModulePaths.isSafe(path)) {
                add(badPath(path));
            } else {
                return take(file, path);
            }
            return FileVisitResult.CONTINUE;
        }

        private FileVisitResult take(Path file, String path) throws IOException {
            byte[] content;
            try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
                content = in.readNBytes(MAX_FILE + 1);
            }
            if (content.length > MAX_FILE) {
                add(tooLarge(path));
                return FileVisitResult.CONTINUE;
            }
            total += content.length;
            files.put(path, content);
            if (files.size() > MAX_FILES || total > MAX_TOTAL) {
                add(packTooLarge());
                return FileVisitResult.TERMINATE;
            }
            return FileVisitResult.CONTINUE;
        }

        private void add(Problem problem) {
            if (problems.size() < 100) {
                problems.add(problem);
            }
        }

        private boolean isHidden(Path path) {
            @Nullable Path name = path.getFileName();
            return name != null
                    && name.toString().startsWith(".")
                    && !name.toString().equals(PROVIDERS);
        }
    }
}
