package dev.formwork.agent.container;

import dev.formwork.agent.disk.Folders;
import dev.formwork.agent.runner.RunnerException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/// The root of an image while it is unpacked: paths mean in it what they mean to whom runs in it. A
/// link leads to where it would lead there, and never out.
final class RootFolder {
    private static final int MOST_LINKS = 40;

    private final Path root;

    RootFolder(Path root) {
        this.root = root;
    }

    /// Where a name of an archive belongs. What is above it is made; it need not be there itself,
    /// and may be a link.
    ///
    /// @throws RunnerException `agent.image-invalid` where there can be no such place
    Path place(String name) throws IOException, RunnerException {
        Deque<String> parts = new ArrayDeque<>();
        for (String part : name.split("/", -1)) {
            if (part.equals("..")) {
                throw unsafe(name);
            }
            if (!part.isEmpty() && !part.equals(".")) {
                parts.add(part);
            }
        }
        if (parts.isEmpty()) {
            return root;
        }
        try {
            String last = parts.removeLast();
            return folder(parts, name).resolve(last);
        } catch (InvalidPathException e) {
            throw unsafe(name);
        }
    }

    boolean isRoot(Path path) {
        return path.equals(root);
    }

    /// Removes whatever is there.
    void clear(Path path) throws IOException {
        if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
            Folders.delete(path);
        } else {
            Files.deleteIfExists(path);
        }
    }

    private Path folder(Deque<String> parts, String name) throws IOException, RunnerException {
        Path current = root;
        int links = 0;
        while (!parts.isEmpty()) {
            String part = parts.removeFirst();
            if (part.isEmpty() || part.equals(".")) {
                continue;
            }
            if (part.equals("..")) {
                Path above = current.getParent();
                current = current.equals(root) || above == null ? root : above;
                continue;
            }
            Path next = current.resolve(part);
            BasicFileAttributes found = attributes(next);
            if (found == null) {
                Files.createDirectory(next);
                current = next;
            } else if (found.isDirectory()) {
                current = next;
            } else if (found.isSymbolicLink() && links++ < MOST_LINKS) {
                String target = Files.readSymbolicLink(next).toString();
                List<String> onTheWay = Arrays.asList(target.split("/", -1));
                onTheWay.reversed().forEach(parts::addFirst);
                current = target.startsWith("/") ? root : current;
            } else {
                throw unsafe(name);
            }
        }
        return current;
    }

    private static @Nullable BasicFileAttributes attributes(Path path) throws IOException {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        } catch (NoSuchFileException e) {
            return null;
        }
    }

    private static RunnerException unsafe(String name) {
        String shown = name.length() <= 80 ? name : name.substring(0, 77) + "...";
        return Blobs.invalid("no file can be called " + shown.replaceAll("\\p{Cntrl}", "?"));
    }
}
