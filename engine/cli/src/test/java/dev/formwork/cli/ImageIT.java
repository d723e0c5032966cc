package dev.formwork.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.image.Locker;
import dev.formwork.image.lock.LockedPackage;
import dev.formwork.image.lock.Manifest;
import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// What `formwork image` makes of its options, up to where a build would begin to fetch.
class ImageIT {
    @TempDir private Path folder;
    private Sessions formwork;

    @BeforeEach
    void start() {
        formwork = new Sessions(folder).with("FORMWORK_HOME", folder.resolve("data").toString());
    }

    private void refused(String problem, String... arguments) {
        assertThat(formwork.run(arguments)).as(formwork.out()).isEqualTo(1);
        assertThat(formwork.err()).contains(problem);
        assertThat(folder.resolve("out/initrd")).doesNotExist();
        assertThat(folder.resolve("data/packages")).as("nothing was fetched").doesNotExist();
    }

    @Test
    void refusesDriversOptionsAndArchitecturesThatThereAreNot() {
        refused(
                "image.driver-set-unknown: there is no set of drivers \"gpu\"",
                "image",
                "build",
                "--out=out",
                "--drivers",
                "cloud,gpu");
        assertThat(formwork.err()).contains("hint: there are: cloud, server");
        refused(
                "image.option-unknown: there is no option \"telnet\"",
                "image",
                "build",
                "--out=out",
                "--drivers=server",
                "--with=ssh,telnet");
        refused("image.architecture", "image", "build", "--out=out", "--arch=riscv64");
        refused("image.architecture", "image", "lock", "--out=list.yaml", "--arch=riscv64");
        assertThat(folder.resolve("list.yaml")).as("a list of nothing").doesNotExist();
    }

    @Test
    void buildsOfTheManifestThatItIsGiven() throws IOException {
        Manifest standard = Locker.standard("amd64");
        List<LockedPackage> noKernel =
                standard.packages().stream()
                        .filter(each -> !each.name().startsWith("linux-image-"))
                        .toList();
        Files.writeString(folder.resolve("m.yaml"), new Manifest("amd64", noKernel).text());
        refused(
                "image.bad-manifest: the manifest lacks the kernel",
                "image",
                "build",
                "--out=out",
                "--manifest=m.yaml");
        Files.writeString(folder.resolve("m.yaml"), "format: formwork-image/2\npackages: []\n");
        refused(
                folder.resolve("m.yaml") + " can't be used: it is not of the format",
                "image",
                "build",
                "--out=out",
                "--manifest",
                "m.yaml");
        refused(
                folder.resolve("none.yaml") + " can't be used",
                "image",
                "build",
                "--manifest=none.yaml");
    }

    /// Of this host's own package sources: the newest of each, for every option.
    @Test
    void locksWhatItsOwnManifestHasInVersionsOfNow() {
        Needs.programs("apt-cache");
        assertThat(formwork.run("image", "lock", "--out", "mine.yaml")).as(formwork.err()).isZero();

        Manifest mine = Manifest.read(folder.resolve("mine.yaml"));
        assertThat(formwork.out())
                .isEqualTo(
                        "Locked %d packages in %s.\n"
                                .formatted(mine.packages().size(), folder.resolve("mine.yaml")));
        assertThat(mine.architecture()).isEqualTo("amd64");
        assertThat(mine.packages())
                .extracting(ImageIT::withoutVersion)
                .containsExactlyElementsOf(
                        Locker.standard("amd64").packages().stream()
                                .map(ImageIT::withoutVersion)
                                .toList());
        assertThat(mine.packages())
                .allSatisfy(each -> assertThat(each.sha256()).matches("[0-9a-f]{64}"));
        refused(
                "image.driver-set-unknown",
                "image",
                "build",
                "--out=out",
                "--manifest=mine.yaml",
                "--drivers=gpu");
    }

    /// The kernel has its version in its name.
    private static String withoutVersion(LockedPackage locked) {
        return locked.name().replaceFirst("^(linux-image)-[0-9].*", "$1");
    }
}
