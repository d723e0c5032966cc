package dev.formwork.image.deb;

import dev.formwork.agent.archive.TarReader;

import org.tukaani.xz.XZInputStream;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/// A package of Debian. Source: deb(5).
public final class DebFile {
    private static final int MEMBER_HEADER = 60;
    private static final long MEMBER_LARGEST = 4L << 30;

    private final Path file;

    public DebFile(Path file) {
        this.file = file;
    }

    /// Unpacks files, directories and links below a folder. Owners, devices and the package's
    /// scripts are left out: nothing of a package is ever run here.
    ///
    /// @throws IOException also where the file is no package, or names a place outside the folder
    public void unpack(Path folder) throws IOException {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16)) {
            if (!new String(in.readNBytes(8), StandardCharsets.US_ASCII).equals("!<arch>\n")) {
                throw new IOException("this is no package of Debian: " + file.getFileName());
            }
            while (true) {
                byte[] header = in.readNBytes(MEMBER_HEADER);
                if (header.length < MEMBER_HEADER) {
                    throw new EOFException("the package has no files: " + file.getFileName());
                }
                String name = text(header, 0, 16).replace("/", "");
                long size = Long.parseLong(text(header, 48, 10));
                if (size < 0 || size > MEMBER_LARGEST) {
                    throw new IOException("the package is damaged: " + file.getFileName());
                }
                if (name.startsWith("data.tar")) {
                    unpack(new TarReader(plain(name, in)), folder);
                    return;
                }
                in.skipNBytes(size + (size & 1));
            }
        } catch (NumberFormatException e) {
            throw new IOException("the package is damaged: " + file.getFileName(), e);
        }
    }

    private static InputStream plain(String name, InputStream in) throws IOException {
        return switch (name) {
            case "data.tar" -> in;
            case "data.tar.gz" -> new GZIPInputStream(in, 1 << 16);
            case "data.tar.xz" -> new XZInputStream(in);
            default -> throw new IOException("packages with " + name + " can't be read");
        };
    }

    private static void unpack(TarReader tar, Path folder) throws IOException {
        Files.createDirectories(folder);
        for (TarReader.Header each = tar.next(); each != null; each = tar.next()) {
            Path path = below(folder, each.path());
            switch (each.type()) {
                case '5' -> Files.createDirectories(path);
                case '0' -> {
                    Files.createDirectories(path.getParent());
                    try (OutputStream out = Files.newOutputStream(path)) {
                        tar.copyTo(out);
                    }
                    Files.setPosixFilePermissions(path, permissions(each.mode()));
                }
                case '1' -> {
                    Files.createDirectories(path.getParent());
                    Files.copy(
                            below(folder, each.target()),
                            path,
                            StandardCopyOption.REPLACE_EXISTING);
                }
                case '2' -> {
                    Files.createDirectories(path.getParent());
                    Files.deleteIfExists(path);
                    Files.createSymbolicLink(path, Path.of(each.target()));
                }
                default -> {}
            }
        }
    }

    /// A place in the folder that no link leads out of.
    private static Path below(Path folder, String name) throws IOException {
        Path path = folder.resolve("./" + name).normalize();
        if (!path.startsWith(folder)) {
            throw new IOException("the package names a place outside: " + name);
        }
        for (Path above = path.getParent();
                above != null && !above.equals(folder) && above.startsWith(folder);
                above = above.getParent()) {
            if (Files.isSymbolicLink(above)) {
                throw new IOException("the package writes through a link: " + name);
            }
        }
        return path;
    }

    private static Set<PosixFilePermission> permissions(int mode) {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        PosixFilePermission[] all = PosixFilePermission.values();
        for (int i = 0; i < all.length; i++) {
            if ((mode & (0400 >> i)) != 0) {
                permissions.add(all[i]);
            }
        }
        permissions.add(PosixFilePermission.OWNER_READ);
        permissions.add(PosixFilePermission.OWNER_WRITE);
        return permissions;
    }

    private static String text(byte[] header, int offset, int length) {
        return new String(header, offset, length, StandardCharsets.US_ASCII).strip();
    }
}
