package dev.formwork.server.module;

import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;
import dev.formwork.model.module.FileTree;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/// Reads the files that a client sends. Their paths are checked by the loader of packs.
public final class Upload {
    private static final int MOST_FILES = 20_000;
    private static final long MOST_BYTES = 64L << 20;

    private Upload() {}

    /// @param files path to content in base64
    /// @throws ProblemException `request.bad-base64`, `pack.too-large`
    public static FileTree ofBase64(Map<String, String> files) {
        TreeMap<String, byte[]> contents = new TreeMap<>();
        long bytes = 0;
        for (Map.Entry<String, String> file : files.entrySet()) {
            byte[] content = decode(file.getKey(), file.getValue());
            bytes += content.length;
            check(contents.size(), bytes);
            contents.put(file.getKey(), content);
        }
        return new FileTree(contents);
    }

    /// @throws ProblemException `request.bad-zip`, `pack.too-large`
    public static FileTree ofZip(byte[] zip) {
        TreeMap<String, byte[]> contents = new TreeMap<>();
        long bytes = 0;
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                if (entry.isDirectory()) {
                    continue;
                }
                byte[] content = read(in, MOST_BYTES - bytes);
                bytes += content.length;
                check(contents.size(), bytes);
                if (contents.put(entry.getName(), content) != null) {
                    throw badZip("a path is in it twice");
                }
            }
        } catch (IOException | IllegalArgumentException e) {
            throw badZip(String.valueOf(e.getMessage()));
        }
        if (contents.isEmpty()) {
            throw badZip("it holds no file");
        }
        return new FileTree(contents);
    }

    private static byte[] read(InputStream in, long most) throws IOException {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        byte[] buffer = new byte[16 * 1024];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            check(0, content.size() + (long) n + (MOST_BYTES - most));
            content.write(buffer, 0, n);
        }
        return content.toByteArray();
    }

    private static byte[] decode(String path, String base64) {
        try {
            return Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException _) {
            throw ProblemException.of(
                    "request.bad-base64",
                    "the content of " + Names.abbreviate(path) + " is not base64",
                    "RFC 4648, section 4: with + and / and padding");
        }
    }

    private static void check(int files, long bytes) {
        if (files >= MOST_FILES || bytes > MOST_BYTES) {
            throw ProblemException.of(
                    "pack.too-large",
                    "a pack has at most %d files and %d MiB"
                            .formatted(MOST_FILES, MOST_BYTES >> 20),
                    "have machines fetch what is large");
        }
    }

    private static ProblemException badZip(String why) {
        return ProblemException.of("request.bad-zip", "cannot read the zip: " + why, null);
    }
}
