package dev.formwork.agent.protocol;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/// Writes what a hostile zip holds below one folder. Reads the entries as they stream by, and knows
/// no links: what some packers mark as one arrives as a plain file.
final class BundleReader {
    private static final int BUFFER = 64 << 10;

    private final Path folder;
    private final BundleLimits limits;
    private final byte[] buffer = new byte[BUFFER];
    private final Set<String> paths = new HashSet<>();
    private final Set<String> folders = new HashSet<>();
    private int files;
    private long bytes;

    BundleReader(Path folder, BundleLimits limits) {
        this.folder = folder;
        this.limits = limits;
    }

    void readAll(InputStream source) throws IOException {
        Files.createDirectories(folder);
        ZipInputStream zip = new ZipInputStream(signed(source), StandardCharsets.UTF_8);
        int entries = 0;
        for (ZipEntry entry = next(zip); entry != null; entry = next(zip)) {
            entries++;
            limits.check(Math.max(files, entries / 2), bytes);
            if (!entry.isDirectory()) {
                files++;
                limits.check(files, bytes);
                write(zip, entry.getName());
            }
        }
    }

    /// A zip of no files is a zip too, but [ZipInputStream] finds no files in anything that is
    /// none.
    private static InputStream signed(InputStream source) throws IOException {
        PushbackInputStream zip = new PushbackInputStream(source, 2);
        byte[] signature = zip.readNBytes(2);
        if (signature.length != 2 || signature[0] != 'P' || signature[1] != 'K') {
            throw malformed("it begins with something else", null);
        }
        zip.unread(signature);
        return zip;
    }

    private static @Nullable ZipEntry next(ZipInputStream zip) throws IOException {
        try {
            return zip.getNextEntry();
        } catch (ZipException | EOFException | IllegalArgumentException e) {
            throw malformed(String.valueOf(e.getMessage()), e);
        }
    }

    private void write(InputStream content, String path) throws IOException {
        BundlePath.require(path);
        refuseCollisions(path);
        Path file = resolve(path);
        boolean script = false;
        Files.createDirectories(file.getParent());
        try (OutputStream out =
                Files.newOutputStream(
                        file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            boolean first = true;
            for (int read = fill(content); read > 0; read = fill(content)) {
                script |= first && read > 1 && buffer[0] == '#' && buffer[1] == '!';
                first = false;
                bytes += read;
                limits.check(files, bytes);
                out.write(buffer, 0, read);
            }
        }
        Files.setPosixFilePermissions(
                file, PosixFilePermissions.fromString(script ? "rwxr-xr-x" : "rw-r--r--"));
    }

    /// No file is written twice, and none is a folder as well.
    private void refuseCollisions(String path) {
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            String parent = path.substring(0, slash);
            folders.add(parent);
            if (paths.contains(parent)) {
                throw malformed("a file is also a folder", null);
            }
        }
        if (folders.contains(path) || !paths.add(path)) {
            throw malformed("it has a file twice", null);
        }
    }

    private Path resolve(String path) {
        try {
            return folder.resolve(path);
        } catch (InvalidPathException e) {
            throw new ProtocolException(
                    "module.unsafe-path",
                    "this system can't have files with such names as a module has",
                    "use ASCII, or start with a locale of UTF-8",
                    e);
        }
    }

    private int fill(InputStream content) throws IOException {
        try {
            return content.readNBytes(buffer, 0, buffer.length);
        } catch (ZipException | EOFException | IllegalArgumentException e) {
            throw malformed(String.valueOf(e.getMessage()), e);
        }
    }

    private static ProtocolException malformed(String detail, @Nullable Exception cause) {
        return new ProtocolException(
                "module.malformed", "not a module's zip: " + detail, null, cause);
    }
}
