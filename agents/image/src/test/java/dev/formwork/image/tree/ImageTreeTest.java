package dev.formwork.image.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ImageTreeTest {
    @Test
    void mergesOldPlacesIntoUsr() {
        ImageTree tree = ImageTree.root().file("/bin/ip", 0755, "").file("lib64/x/y", 0644, "");

        assertThat(tree.entries())
                .containsKeys("usr/bin/ip", "usr/lib64/x", "usr/lib64/x/y")
                .doesNotContainKey("bin/ip");
        assertThat(tree.entries().get("bin")).isEqualTo(new Entry.Link("usr/bin"));
        assertThat(tree.contains("bin/ip")).isTrue();
    }

    @Test
    void leavesABareTreeAsItIs() {
        assertThat(ImageTree.bare().file("bin/sh", 0755, "").entries())
                .containsOnlyKeys("bin", "bin/sh");
    }

    @Test
    void keepsWhatIsPutInside() {
        assertThat(ImageTree.bare().place("../../etc/./passwd")).isEqualTo("etc/passwd");
        assertThatThrownBy(() -> ImageTree.bare().file("/..", 0644, ""))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
