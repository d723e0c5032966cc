package dev.formwork.agent;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// What a test needs of its host. Where that is missing the test is skipped and says why; where
/// `FORMWORK_REQUIRE_IT` is `true`, as in `.ci/run`, it fails.
final class Needs {
    private Needs() {}

    static void root() throws IOException {
        boolean root = Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0);
        need(root, "only root can make containers");
    }

    static void programs(String... names) {
        for (String name : names) {
            need(isOnPath(name), "there is no program " + name + " on the PATH");
        }
    }

    private static void need(boolean is, String otherwise) {
        if (Boolean.parseBoolean(System.getenv("FORMWORK_REQUIRE_IT"))) {
            if (!is) {
                throw new AssertionError(otherwise);
            }
        } else {
            assumeTrue(is, otherwise);
        }
    }

    private static boolean isOnPath(String name) {
        String path = System.getenv("PATH");
        return path != null
                && Arrays.stream(path.split(File.pathSeparator, -1))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    }
}
