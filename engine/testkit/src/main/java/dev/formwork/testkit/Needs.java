package dev.formwork.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/// What a test needs of its host. Where that is missing the test is skipped and says why; where
/// `FORMWORK_REQUIRE_IT` is `true`, as in `.ci/run`, it fails.
public final class Needs {
    private Needs() {}

    /// @param to what only root may do
    public static void root(String to) {
        that("root".equals(System.getProperty("user.name")), "only root may " + to);
    }

    /// Programs on the `PATH`.
    public static void programs(String... names) {
        for (String name : names) {
            that(isOnPath(name), "there is no program " + name + " on the PATH");
        }
    }

    public static void files(String... names) {
        for (String name : names) {
            that(Files.isReadable(Path.of(name)), "there is no file " + name);
        }
    }

    /// @param what is missing, if anything is
    public static void nothing(Optional<String> what) {
        that(what.isEmpty(), what.orElse(""));
    }

    /// @param otherwise what is missing then
    public static void that(boolean is, String otherwise) {
        if (areRequired()) {
            if (!is) {
                throw new AssertionError(otherwise);
            }
        } else {
            assumeTrue(is, otherwise);
        }
    }

    /// Whether a test fails where something is missing.
    public static boolean areRequired() {
        return Boolean.parseBoolean(System.getenv("FORMWORK_REQUIRE_IT"));
    }

    private static boolean isOnPath(String name) {
        String path = System.getenv("PATH");
        return path != null
                && Arrays.stream(path.split(File.pathSeparator, -1))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    }
}
