package dev.formwork.agent.facts;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.agent.protocol.Facts.Root;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.List;

/// Roots that outlive a boot, and roots that do not.
final class RootMountTest {
    private static @Nullable Root root(String... mountinfo) {
        return new RootMount(List.of(mountinfo)).root();
    }

    @Test
    void aDiskStays() {
        assertThat(root("21 1 254:1 / / rw,relatime shared:1 - ext4 /dev/vda1 rw"))
                .isEqualTo(new Root("ext4", true));
    }

    @Test
    void memoryDoesNot() {
        assertThat(root("1 1 0:2 / / rw - rootfs rootfs rw")).isEqualTo(new Root("rootfs", false));
        assertThat(root("1 1 0:2 / / rw - tmpfs none rw,size=1g"))
                .isEqualTo(new Root("tmpfs", false));
    }

    @Test
    void whatIsMountedLastOnTheRootIsTheRoot() {
        assertThat(root("1 1 0:2 / / rw - rootfs rootfs rw", "22 1 8:1 / / rw - xfs /dev/sda1 rw"))
                .isEqualTo(new Root("xfs", true));
    }

    @Test
    void anOverlayStaysWithItsUpperLayer() {
        String overlay =
                "30 1 0:30 / / rw - overlay overlay rw,lowerdir=/l,upperdir=/run/live/up,workdir=/w";
        assertThat(root("25 1 0:25 / /run/live rw - tmpfs tmpfs rw", overlay))
                .isEqualTo(new Root("overlay", false));
        assertThat(root(overlay, "25 30 0:25 / /run/live rw - tmpfs tmpfs rw"))
                .as("moved below the new root")
                .isEqualTo(new Root("overlay", false));
        assertThat(root("25 1 8:1 / /run/live rw - ext4 /dev/sda1 rw", overlay))
                .isEqualTo(new Root("overlay", true));
        assertThat(root(overlay)).as("of a container").isEqualTo(new Root("overlay", true));
    }

    @Test
    void nothingIsKnownWithoutATable() {
        assertThat(root()).isNull();
        assertThat(root("", "garbage - x", "1 2 3 - a b c")).isNull();
    }
}
