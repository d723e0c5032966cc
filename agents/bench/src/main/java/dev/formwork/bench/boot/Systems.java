package dev.formwork.bench.boot;

import dev.formwork.image.ImageBuilder;
import dev.formwork.image.ImageRequest;
import dev.formwork.image.Locker;
import dev.formwork.image.kernel.KernelModules;
import dev.formwork.image.lock.Apt;
import dev.formwork.image.lock.LockedPackage;
import dev.formwork.image.lock.Manifest;
import dev.formwork.image.lock.PackageStore;
import dev.formwork.image.tree.CpioWriter;
import dev.formwork.image.tree.ImageTree;
import dev.formwork.model.ProblemException;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.SortedSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/// What machines boot: the container OS, and the least that asks for something by HTTP. Both are of
/// one kernel and one busybox. They stay where they were built, for the next time.
final class Systems {
    static final String CONTAINER_OS = "container-os";
    static final String BARE = "bare";

    private static final String ARCHITECTURE = "amd64";
    private static final List<String> DRIVERS =
            List.of("drivers/virtio/", "drivers/net/virtio_net");

    private static final String INIT =
            """
            #!/bin/busybox sh
            B=/bin/busybox
            $B mount -t devtmpfs devtmpfs /dev
            $B mount -t proc proc /proc
            $B mount -t sysfs sysfs /sys
            while read -r module; do
              $B insmod "$module"
            done </drivers
            $B ip link set eth0 up
            $B udhcpc -i eth0 -n -q -t 20 -T 1 -s /lease
            for word in $($B cat /proc/cmdline); do
              case $word in
                bench.ask=*) $B wget -q -O - "${word#*=}" ;;
              esac
            done
            $B poweroff -f
            """;

    private static final String LEASE =
            """
            #!/bin/busybox sh
            [ "$1" != bound ] || /bin/busybox ip address add "$ip/$mask" dev "$interface"
            """;

    private final Path workshop;
    private final Path agent;
    private final Consumer<String> progress;

    /// @param workshop where they are built, and stay
    /// @param agent the folder with the agent's jars
    Systems(Path workshop, Path agent, Consumer<String> progress) {
        this.workshop = workshop;
        this.agent = agent;
        this.progress = progress;
    }

    /// Where both are, each in a folder of its name.
    Path files() {
        return workshop.resolve("files");
    }

    /// Builds what is wanted of them, where it is not there.
    void build(List<String> wanted) throws IOException {
        Manifest manifest = manifest();
        if (wanted.contains(CONTAINER_OS)) {
            var _ =
                    new ImageBuilder(manifest, progress)
                            .build(
                                    new ImageRequest(
                                            List.of("cloud", "server"),
                                            List.of(),
                                            jars(),
                                            Path.of(System.getProperty("java.home")),
                                            packages(),
                                            Files.createDirectories(
                                                    files().resolve(CONTAINER_OS))));
        }
        if (wanted.contains(BARE)) {
            bare(manifest);
        }
    }

    /// The committed one or, where the package sources have newer versions by now and forgot those,
    /// one of today.
    private Manifest manifest() throws IOException {
        Manifest committed = Locker.standard(ARCHITECTURE);
        try {
            for (LockedPackage each : committed.packages()) {
                store().unpacked(each);
            }
            return committed;
        } catch (ProblemException e) {
            if (!e.code().equals("image.package-gone")) {
                throw e;
            }
            progress.accept("boot: packages are locked anew: " + e.getMessage());
            return Locker.lock(ARCHITECTURE);
        }
    }

    private void bare(Manifest manifest) throws IOException {
        Path folder = Files.createDirectories(files().resolve(BARE));
        LockedPackage kernel =
                manifest.packages().stream()
                        .filter(each -> each.name().startsWith("linux-image-"))
                        .findFirst()
                        .orElseThrow();
        KernelModules modules = KernelModules.in(store().unpacked(kernel));
        SortedSet<String> chosen = modules.choose(DRIVERS);
        ImageTree tree = ImageTree.root();
        for (String each : List.of("dev", "proc", "sys")) {
            tree.directory(each, 0755);
        }
        LockedPackage busybox = manifest.named("busybox-static").orElseThrow();
        tree.file("bin/busybox", 0755, store().unpacked(busybox).resolve("bin/busybox"));
        tree.file("init", 0755, INIT);
        tree.file("lease", 0755, LEASE);
        modules.addTo(tree, chosen);
        StringBuilder order = new StringBuilder();
        for (String each : modules.loadOrder(chosen)) {
            order.append("/lib/modules/").append(modules.version()).append('/');
            order.append(each).append('\n');
        }
        tree.file("drivers", 0644, order.toString());
        try (OutputStream out =
                new GZIPOutputStream(Files.newOutputStream(folder.resolve("initrd")), 1 << 16)) {
            CpioWriter.write(tree, 0, out);
        }
        Files.copy(modules.kernel(), folder.resolve("kernel"), StandardCopyOption.REPLACE_EXISTING);
    }

    private PackageStore store() throws IOException {
        return new PackageStore(packages(), new Apt(), progress);
    }

    private Path packages() throws IOException {
        return Files.createDirectories(workshop.resolve("packages"));
    }

    private List<Path> jars() throws IOException {
        try (Stream<Path> jars = Files.list(agent.toRealPath())) {
            return jars.filter(jar -> jar.toString().endsWith(".jar")).sorted().toList();
        }
    }
}
