package dev.formwork.boot.lab;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// What a test needs of its host. Where that is missing the test is skipped and says why; where
/// `FORMWORK_REQUIRE_IT` is `true`, as in `.ci/run`, it fails.
final class Needs {
    private Needs() {}

    static void root() {
        need("root".equals(System.getProperty("user.name")), "only root may make namespaces");
    }

    static void programs(String... names) {
        String path = System.getenv("PATH");
        for (String name : names) {
            need(
                    path != null
                            && Arrays.stream(path.split(":", -1))
                                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, name))),
                    "there is no program " + name + " on the PATH");
        }
    }

    static void files(String... names) {
        for (String name : names) {
            need(Files.isReadable(Path.of(name)), "there is no file " + name);
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
}
