package dev.formwork.store;

import dev.formwork.model.module.FileTree;

import org.jdbi.v3.core.Handle;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Trees of files by digest, each content once; and settings.
final class FileRows {
    private static final Table TREES = new Table("trees", List.of("digest"), List.of("wanted_at"));
    private static final Table FILES =
            new Table("tree_files", List.of("digest", "path"), List.of("content_digest", "size"));
    private static final Table CONTENTS =
            new Table("contents", List.of("content_digest", "part"), List.of("content"));
    private static final Table SETTINGS =
            new Table("settings", List.of("name"), List.of("setting"));

    static final String TOUCH = "update trees set wanted_at = ? where digest = ?";

    private static final String WAS_NOT_WANTED =
            " and not exists (select 1 from trees t where t.digest = f.digest and t.wanted_at >= ?)";

    /// A tree that was not wanted since, first its contents that no other has; each takes the
    /// digest and the time.
    static final List<String> DROP =
            List.of(
                    "delete from contents where content_digest in ("
                            + "select f.content_digest from tree_files f where f.digest = ?"
                            + WAS_NOT_WANTED
                            + " and not exists (select 1 from tree_files o where o.content_digest ="
                            + " f.content_digest and o.digest <> f.digest))",
                    "delete from tree_files f where f.digest = ?" + WAS_NOT_WANTED,
                    "delete from trees where digest = ? and wanted_at < ?");

    private FileRows() {}

    static Write put(String digest, FileTree tree, Instant at) {
        List<Write.Put> rows = new ArrayList<>();
        tree.files()
                .forEach((path, content) -> {
                    String name = sha256(content);
                    rows.add(
                            Write.Put.of(
                                    FILES, Columns.row(digest, path, name, (long) content.length)));
                    int part = 0;
                    for (byte[] bytes : Parts.of(content)) {
                        rows.add(Write.Put.of(CONTENTS, Columns.row(name, part++, bytes)));
                    }
                });
        return new Write.PutOnce(
                Write.Put.of(TREES, Columns.row(digest, Columns.time(at))), rows, true);
    }

    static Optional<FileTree> tree(Handle handle, String digest) {
        if (!isThere(handle, digest)) {
            return Optional.empty();
        }
        Map<String, ByteArrayOutputStream> files = new LinkedHashMap<>();
        handle.createQuery(
                        """
                        select f.path, c.content from tree_files f
                        join contents c on c.content_digest = f.content_digest
                        where f.digest = :digest order by f.path, c.part\
                        """)
                .bind("digest", digest)
                .map((row, _) -> {
                    files.computeIfAbsent(row.getString(1), _ -> new ByteArrayOutputStream())
                            .writeBytes(row.getBytes(2));
                    return true;
                })
                .forEach(_ -> {});
        Map<String, byte[]> contents = new LinkedHashMap<>();
        files.forEach((path, bytes) -> contents.put(path, bytes.toByteArray()));
        return Optional.of(new FileTree(contents));
    }

    static boolean isThere(Handle handle, String digest) {
        return handle.createQuery("select 1 from trees where digest = :digest")
                .bind("digest", digest)
                .mapTo(int.class)
                .findOne()
                .isPresent();
    }

    /// Those not wanted since, longest ago first.
    static List<String> old(Handle handle, Instant before) {
        return handle.createQuery(
                        "select digest from trees where wanted_at < :before order by wanted_at, digest")
                .bind("before", Columns.time(before))
                .mapTo(String.class)
                .list();
    }

    static Write putSetting(String name, String value) {
        return Write.Put.of(SETTINGS, Columns.row(name, value));
    }

    static Write initSetting(String name, String value) {
        return new Write.PutFirst(Write.Put.of(SETTINGS, Columns.row(name, value)));
    }

    static Optional<String> setting(Handle handle, String name) {
        return handle.createQuery("select setting from settings where name = :name")
                .bind("name", name)
                .mapTo(String.class)
                .findOne();
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
