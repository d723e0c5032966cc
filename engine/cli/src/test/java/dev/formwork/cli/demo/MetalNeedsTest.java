package dev.formwork.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.model.ProblemException;
import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class MetalNeedsTest {
    @TempDir private Path root;
    private final List<String> told = new ArrayList<>();

    private MetalNeeds needs(Path programs) {
        return new MetalNeeds(Map.of("PATH", programs.toString()), root, told::add);
    }

    @Test
    void namesThePackagesWhereItMayNotInstallThem() {
        MetalNeeds needs = needs(root.resolve("bin"));

        assertThat(needs.missing())
                .containsExactly("ipxe-qemu", "qemu-system-x86", "squashfs-tools", "tar");
        assertThatThrownBy(needs::ensure)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo("demo.missing-program");
                            assertThat(e.problems().getFirst().hint())
                                    .startsWith("apt-get install")
                                    .contains("qemu-system-x86");
                        });
        assertThat(told).isEmpty();
    }

    /// Debian's own `apt-get` says whether it would do as it is told, and which packages it would
    /// install; then the programs are there.
    @Test
    void installsWhatIsNotThere() throws IOException, InterruptedException {
        Needs.root("install packages");
        Needs.programs("apt-get");
        Path bin = Files.createDirectories(root.resolve("bin"));
        Path asked = root.resolve("asked");
        Path rom = root.resolve("usr/lib/ipxe/qemu/pxe-virtio.rom");
        program(
                bin,
                "apt-get",
                """
                echo "$DEBIAN_FRONTEND $*" >>%s
                case "$*" in *install*) ;; *) exit 0 ;; esac
                /usr/bin/apt-get --simulate "$@" || exit
                mkdir -p %s && : >%s
                for program in qemu-system-x86_64 mksquashfs tar; do
                  cp /usr/bin/true %s/$program
                done
                """
                        .formatted(asked, rom.getParent(), rom, bin));

        needs(bin).ensure();

        assertThat(asked)
                .content()
                .isEqualTo(
                        """
                        noninteractive -qq update
                        noninteractive -qq install -y --no-install-recommends ipxe-qemu\
                         qemu-system-x86 squashfs-tools tar
                        """);
        assertThat(told)
                .containsExactly("Installing ipxe-qemu, qemu-system-x86, squashfs-tools, tar ...");
        assertThat(needs(bin).missing()).isEmpty();
    }

    @Test
    void saysWhatTheInstallerSaidWhereItFails() throws IOException {
        Needs.root("install packages");
        Path bin = Files.createDirectories(root.resolve("bin"));
        program(bin, "apt-get", "echo 'E: Could not get lock'; exit 100\n");

        assertThatThrownBy(needs(bin)::ensure)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo("demo.install-failed");
                            assertThat(e).hasMessageContaining("Could not get lock");
                        });
    }

    private static void program(Path bin, String name, String script) throws IOException {
        Path file = Files.writeString(bin.resolve(name), "#!/bin/sh\n" + script);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    @Test
    void installsNothingWhereAllIsThere() throws IOException, InterruptedException {
        Path bin = Files.createDirectories(root.resolve("bin"));
        for (String program : List.of("qemu-system-x86_64", "mksquashfs", "tar")) {
            program(bin, program, "");
        }
        Files.createDirectories(root.resolve("usr/lib/ipxe/qemu"));
        Files.writeString(root.resolve("usr/lib/ipxe/qemu/pxe-virtio.rom"), "");

        needs(bin).ensure();

        assertThat(told).isEmpty();
    }
}
