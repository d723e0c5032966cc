package dev.formwork.image.lock;

import dev.formwork.image.deb.DebFile;
import dev.formwork.image.disk.Digests;
import dev.formwork.image.disk.Folders;
import dev.formwork.model.ProblemException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;

/// Unpacked packages by their digest, in a folder that builds share. What is in it was checked when
/// it was unpacked. Several builds may use one at once.
public final class PackageStore {
    private final Path folder;
    private final Apt apt;
    private final Consumer<String> progress;

    /// @param progress told in words what takes long
    public PackageStore(Path folder, Apt apt, Consumer<String> progress) {
        this.folder = folder;
        this.apt = apt;
        this.progress = progress;
    }

    /// The folder with the package's files, fetched where it is not there yet.
    ///
    /// @throws ProblemException `image.package-gone`, `image.bad-digest`, `image.bad-package`
    public Path unpacked(LockedPackage wanted) throws IOException {
        Path place = folder.resolve(wanted.name() + "-" + wanted.sha256().substring(0, 32));
        if (Files.isDirectory(place)) {
            return place;
        }
        Files.createDirectories(folder);
        Path temporary = Files.createTempDirectory(folder, ".new-");
        try {
            progress.accept("fetching " + wanted.name() + " " + wanted.version());
            Path deb = apt.download(wanted, temporary);
            check(wanted, deb);
            Path files = temporary.resolve("files");
            unpack(wanted, deb, files);
            if (!Files.isDirectory(place)) {
                Files.move(files, place, StandardCopyOption.ATOMIC_MOVE);
            }
            return place;
        } finally {
            Folders.delete(temporary);
        }
    }

    static void check(LockedPackage wanted, Path deb) throws IOException {
        String found = Digests.sha256(deb);
        if (Files.size(deb) != wanted.size() || !found.equals(wanted.sha256())) {
            throw ProblemException.of(
                    "image.bad-digest",
                    wanted.name()
                            + " "
                            + wanted.version()
                            + " is not the package that is locked: it has the digest "
                            + found
                            + ", not "
                            + wanted.sha256(),
                    "somebody has changed the package or the manifest; `formwork image lock`"
                            + " locks what the package sources have now");
        }
    }

    private static void unpack(LockedPackage wanted, Path deb, Path files) throws IOException {
        try {
            new DebFile(deb).unpack(files);
        } catch (IOException e) {
            throw ProblemException.of(
                    "image.bad-package",
                    wanted.name() + " can't be unpacked: " + e.getMessage(),
                    "see that there is space on the disk");
        }
    }
}
