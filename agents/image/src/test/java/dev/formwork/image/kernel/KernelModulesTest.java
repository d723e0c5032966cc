package dev.formwork.image.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.image.elf.TestElf;
import dev.formwork.image.tree.Entry;
import dev.formwork.image.tree.ImageTree;
import dev.formwork.model.ProblemException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

class KernelModulesTest {
    @TempDir Path folder;
    private Path modules = Path.of("");

    @BeforeEach
    void makePackage() throws IOException {
        modules = folder.resolve("lib/modules/6.1.0-1-test");
        module("drivers/net/card", "depends=bus-core,failover", "alias=pci:v1*");
        module("drivers/net/other", "depends=");
        module("drivers/bus/bus-core", "depends=base", "softdep=pre: helper");
        module("drivers/bus/base");
        module("lib/helper", "depends=");
        module("net/failover", "depends=base");
        Files.writeString(modules.resolve("modules.builtin"), "kernel/drivers/built/in.ko\n");
    }

    @Test
    void choosesWithAllThatIsNeeded() throws IOException {
        assertThat(KernelModules.in(folder).choose(List.of("drivers/net/card")))
                .containsExactly("base", "bus_core", "card", "failover", "helper");
    }

    @Test
    void choosesFolders() throws IOException {
        assertThat(KernelModules.in(folder).choose(List.of("drivers/net/")))
                .contains("card", "other");
    }

    @Test
    void takesWhatIsBuiltInAsChosen() throws IOException {
        assertThat(KernelModules.in(folder).choose(List.of("drivers/built/in"))).isEmpty();
    }

    @Test
    void namesAllDriversThatThereAreNot() throws IOException {
        KernelModules read = KernelModules.in(folder);

        assertThatThrownBy(() -> read.choose(List.of("drivers/net/card", "a/b", "c/")))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("image.driver-unknown")
                .hasMessageContaining("a/b, c/");
    }

    @Test
    void ordersThemToBeLoadedOneByOne() throws IOException {
        KernelModules read = KernelModules.in(folder);

        assertThat(read.loadOrder(List.of("card")))
                .containsExactly(
                        "kernel/drivers/bus/base.ko",
                        "kernel/drivers/bus/bus-core.ko",
                        "kernel/net/failover.ko",
                        "kernel/drivers/net/card.ko");
    }

    @Test
    void writesTheTablesOfModprobe() throws IOException {
        KernelModules read = KernelModules.in(folder);
        ImageTree tree = ImageTree.root();
        read.addTo(tree, read.choose(List.of("drivers/net/card")));

        assertThat(text(tree, "modules.dep"))
                .contains(
                        """
                        kernel/drivers/net/card.ko: kernel/net/failover.ko \
                        kernel/drivers/bus/bus-core.ko kernel/drivers/bus/base.ko
                        """)
                .contains("kernel/drivers/bus/base.ko:\n");
        assertThat(text(tree, "modules.alias")).isEqualTo("alias pci:v1* card\n");
        assertThat(tree.contains("lib/modules/6.1.0-1-test/kernel/net/failover.ko")).isTrue();
    }

    private void module(String path, String... info) throws IOException {
        Path file = modules.resolve("kernel/" + path + ".ko");
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        Files.write(file, TestElf.module(info));
    }

    private static String text(ImageTree tree, String file) throws IOException {
        Entry entry = tree.entries().get("usr/lib/modules/6.1.0-1-test/" + file);
        try (InputStream in = ((Entry.Content) Objects.requireNonNull(entry)).source().open()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
