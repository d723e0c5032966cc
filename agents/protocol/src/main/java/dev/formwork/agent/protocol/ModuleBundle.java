package dev.formwork.agent.protocol;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDateTime;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// The files of one module's folder, named by their content, as they travel to a machine.
///
/// The digest is SHA-256 over one line for each file, `path NUL hex-sha256-of-content LF`, in the
/// order of the paths ([String]'s natural order). It says nothing of times, modes and empty
/// folders, so a folder has the same digest wherever it is unpacked, and a zip need not be trusted.
/// Only regular files belong to a bundle: a folder with a link or a device in it is refused.
public final class ModuleBundle {
    private static final LocalDateTime NO_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

    private final SortedMap<String, Content> files;
    private final ModuleDigest digest;

    private ModuleBundle(SortedMap<String, Content> files) throws IOException {
        this.files = files;
        this.digest = digestOf(files);
    }

    /// A bundle of files that are in memory.
    ///
    /// @throws ProtocolException `module.unsafe-path`
    public static ModuleBundle of(Map<String, byte[]> files) {
        TreeMap<String, Content> contents = new TreeMap<>();
        files.forEach((path, bytes) -> {
            BundlePath.require(path);
            contents.put(path, () -> new ByteArrayInputStream(bytes));
        });
        try {
            return new ModuleBundle(contents);
        } catch (IOException e) {
            throw new IllegalStateException("memory can be read", e);
        }
    }

    /// The bundle that a folder holds now. Reads every file once for the digest.
    ///
    /// @throws ProtocolException `module.unsafe-path`, `module.too-large`, or `module.not-a-file`
    ///   for a link or a device
    public static ModuleBundle ofFolder(Path folder, BundleLimits limits) throws IOException {
        TreeMap<String, Content> contents = new TreeMap<>();
        Files.walkFileTree(
                folder,
                new SimpleFileVisitor<>() {
                    private long bytes;

                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                        String path = slashed(folder.relativize(file));
                        BundlePath.require(path);
                        if (!attributes.isRegularFile()) {
                            throw new ProtocolException(
                                    "module.not-a-file",
                                    path + " is a link or a device",
                                    "a module's folder holds plain files");
                        }
                        bytes += attributes.size();
                        contents.put(
                                path, () -> Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS));
                        limits.check(contents.size(), bytes);
                        return FileVisitResult.CONTINUE;
                    }
                });
        return new ModuleBundle(contents);
    }

    /// Unpacks a zip into a folder that is empty or does not exist yet. Whatever the zip says,
    /// nothing is written outside the folder, no link is made, no file is written twice, and not
    /// more than the limits allow. A file that begins with `#!` can be executed; no other file can.
    /// After an exception the folder holds a part and is to be removed.
    ///
    /// @throws ProtocolException `module.malformed`, `module.unsafe-path`, `module.too-large`
    public static ModuleBundle unpack(InputStream zip, Path folder, BundleLimits limits)
            throws IOException {
        new BundleReader(folder, limits).readAll(zip);
        return ofFolder(folder, limits);
    }

    /// Names this content.
    public ModuleDigest digest() {
        return digest;
    }

    /// The paths of the files, in order.
    public Set<String> paths() {
        return Collections.unmodifiableSet(files.keySet());
    }

    /// Writes a zip; the same files give the same bytes. Does not close the stream.
    public void writeZip(OutputStream out) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(out, StandardCharsets.UTF_8);
        for (Map.Entry<String, Content> file : files.entrySet()) {
            ZipEntry entry = new ZipEntry(file.getKey());
            entry.setTimeLocal(NO_TIME);
            zip.putNextEntry(entry);
            try (InputStream content = file.getValue().open()) {
                content.transferTo(zip);
            }
            zip.closeEntry();
        }
        zip.finish();
    }

    private static ModuleDigest digestOf(SortedMap<String, Content> files) throws IOException {
        MessageDigest whole = sha256();
        for (Map.Entry<String, Content> file : files.entrySet()) {
            MessageDigest one = sha256();
            try (InputStream content = new DigestInputStream(file.getValue().open(), one)) {
                content.transferTo(OutputStream.nullOutputStream());
            }
            String line = file.getKey() + "\0" + HexFormat.of().formatHex(one.digest()) + "\n";
            whole.update(line.getBytes(StandardCharsets.UTF_8));
        }
        return new ModuleDigest("sha256:" + HexFormat.of().formatHex(whole.digest()));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static String slashed(Path relative) {
        return relative.toString().replace(relative.getFileSystem().getSeparator(), "/");
    }

    /// Opens one file's bytes, as often as asked.
    private interface Content {
        InputStream open() throws IOException;
    }
}
