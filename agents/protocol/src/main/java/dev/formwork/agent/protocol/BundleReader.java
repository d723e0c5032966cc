package dev.formwork.agent.protocol;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PushbackInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
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
        Path file = folder.resolve(path);
        boolean script = false;
        try {
            Files.createDirectories(file.getParent());
        } catch (FileAlreadyExistsException e) {
            throw malformed("a file is also a folder", e);
        }
        try (OutputStream out = create(file)) {
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

    private static OutputStream create(Path file) throws IOException {
        try {
            return Files.newOutputStream(
                    file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        } catch (FileAlreadyExistsException e) {
            throw malformed("it has a file twice", e);
        } catch (FileSystemException e) {
            if (Files.isDirectory(file)) {
                throw malformed("a file is also a folder", e);
            }
            throw e;
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
