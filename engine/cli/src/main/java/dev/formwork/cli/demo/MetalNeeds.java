package dev.formwork.cli.demo;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

/// What the metal demo needs of this host beyond the demo: a machine emulator, and what builds the
/// container OS. Installs it where it may.
final class MetalNeeds {
    /// Programs and files, and the Debian packages that they are in.
    private static final Map<String, String> PACKAGES = new LinkedHashMap<>();

    static {
        PACKAGES.put("qemu-system-x86_64", "qemu-system-x86");
        PACKAGES.put("/usr/lib/ipxe/qemu/pxe-virtio.rom", "ipxe-qemu");
        PACKAGES.put("mksquashfs", "squashfs-tools");
        PACKAGES.put("tar", "tar");
    }

    private final HostPrograms programs;
    private final Path root;
    private final Consumer<String> progress;

    /// @param root of the file system
    /// @param progress is told what is installed
    MetalNeeds(Map<String, String> environment, Path root, Consumer<String> progress) {
        this.programs = new HostPrograms(environment.getOrDefault("PATH", ""));
        this.root = root;
        this.progress = progress;
    }

    /// The packages of what is not there.
    List<String> missing() {
        TreeSet<String> packages = new TreeSet<>();
        PACKAGES.forEach((need, name) -> {
            if (!has(need)) {
                packages.add(name);
            }
        });
        return List.copyOf(packages);
    }

    private boolean has(String need) {
        return need.startsWith("/")
                ? Files.exists(root.resolve(need.substring(1)))
                : programs.has(need);
    }

    /// @throws ProblemException `demo.missing-program` where it is not there and may not be
    ///   installed, `demo.install-failed`
    void ensure() throws InterruptedException {
        List<String> missing = missing();
        if (missing.isEmpty()) {
            return;
        }
        String command = "apt-get install --no-install-recommends " + String.join(" ", missing);
        Optional<Path> installer = programs.find("apt-get");
        if (!"root".equals(System.getProperty("user.name")) || installer.isEmpty()) {
            throw ProblemException.of(
                    "demo.missing-program",
                    "the metal demo needs "
                            + String.join(", ", missing)
                            + ", and only root may install that",
                    command);
        }
        progress.accept("Installing " + String.join(", ", missing) + " ...");
        String program = installer.get().toString();
        run(List.of(program, "-qq", "update"));
        List<String> install =
                new ArrayList<>(
                        List.of(program, "-qq", "install", "-y", "--no-install-recommends"));
        install.addAll(missing);
        run(install);
        if (!missing().isEmpty()) {
            throw failed(command, "it says that it worked, and is not there");
        }
    }

    private static void run(List<String> command) throws InterruptedException {
        try {
            HostPrograms.Ended ended =
                    HostPrograms.run(
                            Path.of("/"), command, Map.of("DEBIAN_FRONTEND", "noninteractive"));
            if (ended.status() != 0) {
                throw failed(String.join(" ", command), ended.said());
            }
        } catch (IOException e) {
            throw new ProblemException(
                    List.of(Problem.of("demo.install-failed", command + ": " + e)), e);
        }
    }

    private static ProblemException failed(String command, String said) {
        return ProblemException.of(
                "demo.install-failed",
                command + " failed: " + said,
                "install it by hand, and start the demo again");
    }
}
