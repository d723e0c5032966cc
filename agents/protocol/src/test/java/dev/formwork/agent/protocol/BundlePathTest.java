package dev.formwork.agent.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

import org.junit.jupiter.api.Test;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;

final class BundlePathTest {
    @Test
    void takesPathsBelowTheFolder() {
        for (String path :
                List.of("module.yaml", "a/b/c.sh", ".hidden", "a..b/c", "\u00e4/\u65e5")) {
            BundlePath.require(path);
        }
    }

    @Test
    void refusesPathsThatLeaveTheFolderOrMeanSomethingElseElsewhere() {
        for (String path :
                List.of(
                        "",
                        "/",
                        "/etc/passwd",
                        "..",
                        "../x",
                        "a/../../x",
                        "a/..",
                        "a//b",
                        "a/",
                        "./a",
                        ".",
                        "a\\..\\b",
                        "a\nb",
                        "a\0b",
                        "\ud800",
                        "x".repeat(600),
                        "x".repeat(256))) {
            assertThatExceptionOfType(ProtocolException.class)
                    .as(path)
                    .isThrownBy(() -> BundlePath.require(path))
                    .satisfies(e -> assertThat(e.code()).isEqualTo("module.unsafe-path"));
        }
    }

    @Property
    void whatItTakesStaysBelow(@ForAll String path) {
        if (BundlePath.isSafe(path)) {
            Path root = Path.of("/root");
            try {
                Path resolved = root.resolve(path).normalize();
                assertThat(resolved).matches(p -> p.startsWith(root) && !p.equals(root));
            } catch (InvalidPathException e) {
                // The platform's charset has no such name: nothing can be written.
                assertThat(path).isNotEmpty();
            }
        }
    }
}
