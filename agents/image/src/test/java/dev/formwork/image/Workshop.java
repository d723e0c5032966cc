package dev.formwork.image;

import dev.formwork.image.lock.Apt;
import dev.formwork.image.lock.LockedPackage;
import dev.formwork.image.lock.Manifest;
import dev.formwork.image.lock.PackageStore;
import dev.formwork.model.ProblemException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Where tests build images. Packages that were fetched stay there for the next test.
final class Workshop {
    private static final Path TARGET = Path.of("target").toAbsolutePath();

    private static @Nullable Manifest manifest;

    private Workshop() {}

    /// The agent's class path, as the build lays it out.
    static List<Path> agentJars() throws IOException {
        try (Stream<Path> jars = Files.list(Path.of("../host/target/app/lib").toRealPath())) {
            return jars.filter(jar -> jar.toString().endsWith(".jar")).sorted().toList();
        }
    }

    static Path jdk() {
        return Path.of(System.getProperty("java.home"));
    }

    static Path folder(String name) throws IOException {
        return Files.createDirectories(TARGET.resolve(name));
    }

    /// The committed manifest, or where the package sources have newer versions by now, and forgot
    /// those, one of today: what is tested then is still that an image boots.
    static synchronized Manifest manifest() throws IOException {
        Manifest known = manifest;
        if (known != null) {
            return known;
        }
        Manifest committed = Locker.standard("amd64");
        try {
            for (LockedPackage each : committed.packages()) {
                store().unpacked(each);
            }
            manifest = committed;
            return committed;
        } catch (ProblemException e) {
            if (!e.code().equals("image.package-gone")) {
                throw e;
            }
            System.out.println("The tests lock packages anew: " + e.getMessage());
            Manifest today = Locker.lock("amd64");
            manifest = today;
            return today;
        }
    }

    /// The files of a locked package.
    static Path unpacked(String name) throws IOException {
        return store().unpacked(manifest().named(name).orElseThrow());
    }

    static Image build(String name) throws IOException {
        return new ImageBuilder(manifest(), System.out::println)
                .build(
                        new ImageRequest(
                                List.of("cloud", "server"),
                                List.of("ssh", "ignition"),
                                agentJars(),
                                jdk(),
                                folder("packages"),
                                folder(name)));
    }

    private static PackageStore store() throws IOException {
        return new PackageStore(folder("packages"), new Apt(), System.out::println);
    }
}
