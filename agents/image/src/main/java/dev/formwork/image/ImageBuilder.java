package dev.formwork.image;

import dev.formwork.image.command.Command;
import dev.formwork.image.disk.Folders;
import dev.formwork.image.kernel.KernelModules;
import dev.formwork.image.lock.Apt;
import dev.formwork.image.lock.LockedPackage;
import dev.formwork.image.lock.Manifest;
import dev.formwork.image.lock.PackageStore;
import dev.formwork.image.runtime.JavaRuntime;
import dev.formwork.image.tree.CpioWriter;
import dev.formwork.image.tree.ImageTree;
import dev.formwork.image.tree.TreeArchive;
import dev.formwork.model.ProblemException;

import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;

/// Builds the container OS. Same manifest, same agent, same JDK: the same bytes.
public final class ImageBuilder {
    /// The time of every file in an image. Any will do, as long as it stays.
    static final long TIME = Instant.parse("2026-01-01T00:00:00Z").getEpochSecond();

    private final Recipe recipe = Recipe.load();
    private final Manifest manifest;
    private final Consumer<String> progress;

    /// @param progress told in words what takes long
    public ImageBuilder(Manifest manifest, Consumer<String> progress) {
        this.manifest = manifest;
        this.progress = progress;
    }

    /// Builds, and puts the files where they are wanted when all are complete. Where they are there
    /// already, and nothing that they are made of has changed, nothing is done.
    ///
    /// @throws ProblemException `image.*`
    public Image build(ImageRequest request) {
        try {
            Files.createDirectories(request.out());
            BuildRecord record = BuildRecord.of(request, manifest);
            Optional<Image> there = record.upToDate();
            if (there.isPresent()) {
                return there.get();
            }
            record.forget();
            Path work = Files.createTempDirectory(request.out(), ".build-");
            try {
                Image image = build(request, work);
                record.write(image);
                return image;
            } finally {
                Folders.delete(work);
            }
        } catch (IOException e) {
            throw ProblemException.of(
                    "image.io",
                    "the image could not be written: " + e.getMessage(),
                    "see that there is space on the disk");
        }
    }

    private Image build(ImageRequest request, Path work) throws IOException {
        PackageStore store = new PackageStore(request.packages(), new Apt(), progress);
        Set<String> drivers = recipe.drivers(request.drivers());
        Map<String, List<String>> files = recipe.files(request.options());
        KernelModules modules = KernelModules.in(store.unpacked(kernelPackage()));
        SortedSet<String> first = modules.choose(recipe.first());
        ImageTree root = ImageTree.root();
        Userland userland = new Userland(root);
        for (Map.Entry<String, List<String>> each : files.entrySet()) {
            userland.take(each.getKey(), store.unpacked(locked(each.getKey())), each.getValue());
        }
        SortedSet<String> chosen = modules.choose(drivers);
        chosen.addAll(first);
        modules.addTo(root, chosen);
        RootFiles.addTo(root, request.options());
        progress.accept("linking the agent's Java runtime");
        new JavaRuntime(request.jdk(), TIME)
                .addTo(root, request.agentJars(), Recipe.text("classes.txt"), work.resolve("java"));
        userland.addLibraries();
        progress.accept("compressing the root");
        Path squashfs = work.resolve("root.squashfs");
        squash(root, squashfs);
        Path initrd = work.resolve("initrd");
        initrd(modules, first, store, squashfs, initrd);
        Path kernel = work.resolve("kernel");
        Files.copy(modules.kernel(), kernel);
        Image image =
                new Image(
                        request.out().resolve("kernel"),
                        request.out().resolve("initrd"),
                        modules.version());
        Files.move(kernel, image.kernel(), StandardCopyOption.REPLACE_EXISTING);
        Files.move(initrd, image.initrd(), StandardCopyOption.REPLACE_EXISTING);
        return image;
    }

    /// The kernel's first root: a little one that is compressed, and behind it, in an archive of
    /// its own, the real one, which is compressed already.
    private void initrd(
            KernelModules modules,
            SortedSet<String> first,
            PackageStore store,
            Path squashfs,
            Path initrd)
            throws IOException {
        ImageTree tree = ImageTree.root();
        for (String each : List.of("dev", "proc", "sys", "run")) {
            tree.directory(each, 0755);
        }
        Path busybox = store.unpacked(locked(recipe.firstProgram())).resolve("bin/busybox");
        tree.file("bin/busybox", 0755, busybox);
        tree.file("init", 0755, Recipe.text("first-init"));
        modules.addTo(tree, first);
        StringBuilder order = new StringBuilder();
        for (String each : modules.loadOrder(first)) {
            order.append("/lib/modules/").append(modules.version()).append('/');
            order.append(each).append('\n');
        }
        tree.file("drivers", 0644, order.toString());
        ByteArrayOutputStream little = new ByteArrayOutputStream();
        try (GZIPOutputStream compressed = new GZIPOutputStream(little, 1 << 16)) {
            CpioWriter.write(tree, TIME, compressed);
        }
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(initrd), 1 << 20)) {
            little.writeTo(out);
            // An archive begins at a multiple of four, and zeros before it count for nothing.
            out.write(new byte[-little.size() & 3]);
            CpioWriter.write(ImageTree.bare().file("root.squashfs", 0644, squashfs), TIME, out);
        }
    }

    private void squash(ImageTree root, Path squashfs) throws IOException {
        Command.Result result =
                Command.run(
                        Path.of("/"),
                        List.of(
                                "mksquashfs",
                                "-",
                                squashfs.toAbsolutePath().toString(),
                                "-tar",
                                "-comp",
                                "zstd",
                                "-Xcompression-level",
                                // The highest level takes five times as long, for one percent.
                                "15",
                                "-b",
                                "131072",
                                "-mkfs-time",
                                Long.toString(TIME),
                                // Its root is in no archive, and would have the time of the build.
                                "-root-mode",
                                "0755",
                                "-all-time",
                                Long.toString(TIME),
                                "-all-root",
                                "-no-xattrs",
                                "-no-exports",
                                "-noappend",
                                "-no-progress",
                                "-quiet"),
                        out -> TreeArchive.write(root, TIME, out));
        if (result.status() != 0) {
            throw ProblemException.of(
                    "image.compression",
                    "mksquashfs could not make the root: " + result.lastLine(),
                    "it takes squashfs-tools 4.5 or newer");
        }
    }

    private LockedPackage kernelPackage() {
        return manifest.packages().stream()
                .filter(each -> each.name().startsWith("linux-image-"))
                .findFirst()
                .orElseThrow(() -> lacks("the kernel"));
    }

    private LockedPackage locked(String name) {
        return manifest.named(name).orElseThrow(() -> lacks(name));
    }

    private static ProblemException lacks(String what) {
        return ProblemException.of(
                "image.bad-manifest",
                "the manifest lacks " + what,
                "make it anew with `formwork image lock`");
    }
}
