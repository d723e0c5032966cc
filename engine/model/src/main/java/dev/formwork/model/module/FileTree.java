package dev.formwork.model.module;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/// The files of a folder, held in memory and named by content. Paths use `/` and are relative.
/// Immutable: callers never change the arrays.
public final class FileTree {
    private final SortedMap<String, byte[]> files;

    public FileTree(Map<String, byte[]> files) {
        this.files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
    }

    public SortedMap<String, byte[]> files() {
        return files;
    }

    public Optional<byte[]> file(String path) {
        return Optional.ofNullable(files.get(path));
    }

    public FileTree only(Predicate<String> paths) {
        TreeMap<String, byte[]> kept = new TreeMap<>(files);
        kept.keySet().removeIf(paths.negate());
        return new FileTree(kept);
    }

    /// `sha256:` over the lines `path NUL hex-sha256-of-content LF` in the order of the paths: the
    /// digest of docs/agent-protocol.md, so that an agent can check what it fetched.
    public String digest() {
        MessageDigest whole = sha256();
        files.forEach((path, content) -> {
            String line = path + "\0" + HexFormat.of().formatHex(sha256().digest(content));
            whole.update((line + "\n").getBytes(StandardCharsets.UTF_8));
        });
        return "sha256:" + HexFormat.of().formatHex(whole.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
