package dev.formwork.image.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.image.command.Command;
import dev.formwork.image.disk.Digests;
import dev.formwork.model.ProblemException;
import dev.formwork.testkit.Needs;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Packages of a source that a test has set up: those that are locked, and others.
class PackageStoreIT {
    @TempDir Path folder;
    private Apt apt = new Apt();
    private PackageStore store = new PackageStore(Path.of(""), apt, _ -> {});

    @BeforeEach
    void makeSource() throws IOException {
        Needs.programs("apt-get", "apt-cache", "dpkg-deb");
        for (String each : List.of("state/lists/partial", "cache/archives/partial", "source")) {
            Files.createDirectories(folder.resolve(each));
        }
        Files.createFile(folder.resolve("state/status"));
        Files.writeString(
                folder.resolve("sources.list"),
                "deb [trusted=yes] file:" + folder.resolve("source") + " ./\n");
        apt =
                new Apt(
                        List.of(
                                "Dir::State=" + folder.resolve("state"),
                                "Dir::State::status=" + folder.resolve("state/status"),
                                "Dir::Cache=" + folder.resolve("cache"),
                                "Dir::Etc::sourcelist=" + folder.resolve("sources.list"),
                                "Dir::Etc::sourceparts=-",
                                "APT::Architecture=amd64"));
        store = new PackageStore(folder.resolve("store"), apt, _ -> {});
    }

    @Test
    void fetchesAndUnpacksWhatIsLocked() throws IOException {
        offer("1.0-1", "hello");

        LockedPackage locked = apt.newest("tiny", "amd64");

        assertThat(locked.version()).isEqualTo("1.0-1");
        assertThat(store.unpacked(locked).resolve("usr/share/tiny")).hasContent("hello");
    }

    @Test
    void refusesAPackageThatIsNotTheLockedOne() throws IOException {
        offer("1.0-1", "hello");
        LockedPackage locked = apt.newest("tiny", "amd64");
        offer("1.0-1", "something else under the same version");

        assertCode("image.bad-digest", () -> store.unpacked(locked));
        assertThat(folder.resolve("store")).isEmptyDirectory();
    }

    @Test
    void saysThatTheLockedVersionIsGone() throws IOException {
        offer("1.0-1", "hello");
        LockedPackage locked = apt.newest("tiny", "amd64");
        offer("1.0-2", "hello");

        assertCode("image.package-gone", () -> store.unpacked(locked));
        assertCode("image.package-unknown", () -> apt.newest("none", "amd64"));
        assertThat(store.unpacked(apt.newest("tiny", "amd64"))).isDirectory();
    }

    private static void assertCode(String code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ProblemException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    /// Makes this version the only one that there is.
    private void offer(String version, String content) throws IOException {
        Path tree = Files.createDirectories(folder.resolve("tree"));
        Files.createDirectories(tree.resolve("DEBIAN"));
        Files.createDirectories(tree.resolve("usr/share"));
        Files.writeString(tree.resolve("usr/share/tiny"), content);
        String control =
                """
                Package: tiny
                Version: %s
                Architecture: amd64
                Maintainer: Nobody <nobody@example.org>
                Description: nothing
                """
                        .formatted(version);
        Files.writeString(tree.resolve("DEBIAN/control"), control);
        String name = "tiny_" + version + "_amd64.deb";
        Path pool = Files.createDirectories(folder.resolve("source/pool"));
        Path deb = pool.resolve(name);
        must("dpkg-deb", "--build", "--root-owner-group", tree.toString(), deb.toString());
        Files.writeString(
                folder.resolve("source/Packages"),
                control.replace(
                        "Maintainer",
                        "Filename: ./pool/%s\nSize: %d\nSHA256: %s\nMaintainer"
                                .formatted(name, Files.size(deb), Digests.sha256(deb))));
        List<String> update = new ArrayList<>(apt.command("apt-get", "update"));
        update.add("-o");
        update.add("APT::Sandbox::User=");
        must(update.toArray(String[]::new));
    }

    private static void must(String... command) {
        Command.Result result = Command.run(Path.of("/"), List.of(command));
        assertThat(result.status()).as(result.output()).isZero();
    }
}
