package dev.formwork.agent.container;

import dev.formwork.agent.archive.TarReader;
import dev.formwork.agent.runner.RunnerException;
import dev.formwork.agent.transport.UnwantedException;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/// Lays one layer of an image over those below it. Owners, modes and times are as the layer says;
/// devices are left out, as a container has its own. Source: the OCI image format, `layer.md`.
final class Layer {
    /// Of one image.
    static final long LARGEST = 16L << 30;

    private static final int MOST_ENTRIES = 500_000;
    private static final String WHITEOUT = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";

    private final RootFolder root;
    private final Web web;
    private final Set<Path> fresh = new HashSet<>();
    private long bytes;

    /// @param bytes that layers below have taken
    Layer(Path root, Web web, long bytes) {
        this.root = new RootFolder(root);
        this.web = web;
        this.bytes = bytes;
    }

    /// @param blob plain, or compressed with gzip
    /// @return bytes of this layer and those below it
    /// @throws RunnerException `agent.image-invalid`
    long unpack(InputStream blob) throws IOException, RunnerException, UnwantedException {
        try (InputStream in = plain(blob)) {
            TarReader tar = new TarReader(in);
            int entries = 0;
            for (TarReader.Header each = tar.next(); each != null; each = tar.next()) {
                web.refuseUnwanted();
                bytes += Math.max(each.size(), 0);
                if (++entries > MOST_ENTRIES || bytes > LARGEST) {
                    throw Blobs.invalid("it is too large");
                }
                entry(tar, each);
            }
            return bytes;
        } catch (TarReader.DamagedException | ZipException e) {
            throw Blobs.invalid("a layer is damaged: " + e.getMessage());
        } catch (EOFException e) {
            throw Blobs.invalid("a layer ends too early");
        } catch (InvalidPathException e) {
            throw Blobs.invalid("this system can't have a file with a name of it");
        }
    }

    private static InputStream plain(InputStream blob) throws IOException, RunnerException {
        BufferedInputStream in = new BufferedInputStream(blob, 1 << 16);
        in.mark(4);
        byte[] magic = in.readNBytes(4);
        in.reset();
        if (magic.length == 4 && magic[0] == 0x1f && magic[1] == (byte) 0x8b) {
            return new GZIPInputStream(in, 1 << 16);
        }
        if (magic.length == 4 && magic[0] == 0x28 && magic[1] == (byte) 0xb5) {
            throw Blobs.invalid("a layer is compressed with zstd; gzip can be read");
        }
        return in;
    }

    private void entry(TarReader tar, TarReader.Header header) throws IOException, RunnerException {
        Path path = root.place(header.path());
        String name = String.valueOf(path.getFileName());
        if (root.isRoot(path)) {
            return;
        }
        if (name.startsWith(WHITEOUT)) {
            whiteOut(path, name);
            return;
        }
        switch (header.type()) {
            case '0', '7' -> {
                root.clear(path);
                try (OutputStream out =
                        Files.newOutputStream(
                                path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                    tar.copyTo(out);
                }
                own(path, header);
            }
            case '1' -> {
                Path of = root.place(header.target());
                if (!Files.exists(of, LinkOption.NOFOLLOW_LINKS)
                        || Files.isDirectory(of, LinkOption.NOFOLLOW_LINKS)) {
                    throw Blobs.invalid("a second name is of no file");
                }
                if (!of.equals(path)) {
                    root.clear(path);
                    Files.createLink(path, of);
                }
            }
            case '2' -> {
                root.clear(path);
                Files.createSymbolicLink(path, Path.of(header.target()));
                Files.setAttribute(path, "unix:uid", header.user(), LinkOption.NOFOLLOW_LINKS);
                Files.setAttribute(path, "unix:gid", header.group(), LinkOption.NOFOLLOW_LINKS);
            }
            case '5' -> {
                if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    root.clear(path);
                    Files.createDirectory(path);
                }
                own(path, header);
            }
            default -> {
                return;
            }
        }
        fresh.add(path);
    }

    /// In this order: a change of the owner takes some bits of the mode.
    private static void own(Path path, TarReader.Header header) throws IOException {
        Files.setAttribute(path, "unix:uid", header.user());
        Files.setAttribute(path, "unix:gid", header.group());
        Files.setAttribute(path, "unix:mode", header.mode());
        Files.setLastModifiedTime(path, FileTime.from(header.time(), TimeUnit.SECONDS));
    }

    private void whiteOut(Path path, String name) throws IOException, RunnerException {
        Path folder = path.getParent();
        if (folder == null) {
            return;
        }
        if (name.equals(OPAQUE)) {
            clearOlder(folder);
            return;
        }
        String gone = name.substring(WHITEOUT.length());
        if (gone.isEmpty() || gone.equals(".") || gone.equals("..")) {
            throw Blobs.invalid("a layer takes away what has no name");
        }
        Path target = folder.resolve(gone);
        if (!fresh.contains(target)) {
            root.clear(target);
        }
    }

    /// Takes away what lower layers have put into a folder.
    private void clearOlder(Path folder) throws IOException {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
            for (Path child : children) {
                if (!fresh.contains(child)) {
                    if (holdsFresh(child)) {
                        clearOlder(child);
                    } else {
                        root.clear(child);
                    }
                } else if (Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                    clearOlder(child);
                }
            }
        } catch (DirectoryIteratorException e) {
            throw new FileSystemException(folder.toString(), null, String.valueOf(e.getMessage()));
        }
    }

    private boolean holdsFresh(Path folder) {
        return Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)
                && fresh.stream().anyMatch(each -> each.startsWith(folder));
    }
}
