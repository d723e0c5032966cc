package dev.formwork.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.model.ProblemException;

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

    @Test
    void installsNothingWhereAllIsThere() throws IOException, InterruptedException {
        Path bin = Files.createDirectories(root.resolve("bin"));
        for (String program : List.of("qemu-system-x86_64", "mksquashfs", "tar")) {
            Path file = Files.writeString(bin.resolve(program), "");
            assertThat(file.toFile().setExecutable(true)).isTrue();
        }
        Files.createDirectories(root.resolve("usr/lib/ipxe/qemu"));
        Files.writeString(root.resolve("usr/lib/ipxe/qemu/pxe-virtio.rom"), "");

        needs(bin).ensure();

        assertThat(told).isEmpty();
    }
}
