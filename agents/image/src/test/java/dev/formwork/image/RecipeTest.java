package dev.formwork.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.formwork.image.lock.Manifest;
import dev.formwork.image.tree.ImageTree;
import dev.formwork.model.ProblemException;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/// What is chosen for an image.
class RecipeTest {
    private final Recipe recipe = Recipe.load();

    @Test
    void takesWhatAnOptionAddsWhereItIsChosen() {
        assertThat(recipe.files(List.of())).doesNotContainKeys("ignition", "passwd");
        assertThat(recipe.files(List.of("ssh", "ignition")))
                .containsKeys("busybox", "dropbear-bin", "passwd")
                .containsEntry("ignition", List.of("usr/lib/dracut/modules.d/30ignition/ignition"));
    }

    @Test
    void refusesAnOptionThatThereIsNot() {
        assertThatThrownBy(() -> recipe.files(List.of("cloud-init")))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("image.option-unknown")
                .hasMessageContaining("ignition, ssh");
    }

    @Test
    void takesTheDriversOfTheSetsThatAreChosen() {
        Set<String> least = recipe.drivers(List.of());
        Set<String> cloud = recipe.drivers(List.of("cloud"));
        Set<String> both = recipe.drivers(List.of("server", "cloud"));

        assertThat(least).contains("fs/ext4/ext4").doesNotContain("drivers/net/virtio_net");
        assertThat(cloud).containsAll(least).contains("drivers/net/virtio_net");
        assertThat(cloud).doesNotContainAnyElementsOf(onlyOf("server", "cloud"));
        assertThat(both).containsAll(cloud).containsAll(onlyOf("server", "cloud"));
        assertThatThrownBy(() -> recipe.drivers(List.of("cloud", "gpu")))
                .hasMessageContaining("image.driver-set-unknown")
                .hasMessageContaining("\"gpu\"");
    }

    private List<String> onlyOf(String set, String other) {
        List<String> only = new ArrayList<>(Objects.requireNonNull(recipe.sets().get(set)));
        only.removeAll(Objects.requireNonNull(recipe.sets().get(other)));
        only.removeAll(recipe.always());
        assertThat(only).isNotEmpty();
        return only;
    }

    @Test
    void hasEveryPackageLocked() {
        Manifest manifest = Locker.standard("amd64");

        assertThat(recipe.files(recipe.options().keySet()).keySet())
                .allSatisfy(name -> assertThat(manifest.named(name)).isPresent());
    }

    @Test
    void putsOnlyWhatAnOptionTakesIntoTheRoot() {
        assertThat(root(List.of()).entries().keySet())
                .contains("usr/lib/formwork/boot/ignition")
                .doesNotContain("usr/bin/ignition", "usr/sbin/setfiles");
        assertThat(root(List.of("ignition")).entries().keySet())
                .contains("usr/bin/ignition", "usr/sbin/setfiles", "etc/selinux/config")
                .doesNotContain("usr/lib/formwork/boot/ssh");
    }

    private static ImageTree root(List<String> options) {
        ImageTree root = ImageTree.root();
        RootFiles.addTo(root, options);
        return root;
    }
}
