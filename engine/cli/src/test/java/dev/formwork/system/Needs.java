package dev.formwork.system;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.formwork.postgres.PostgresServer;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/// What a test needs of its host. Where that is missing the test is skipped and says why; where
/// `FORMWORK_REQUIRE_IT` is `true`, as in `.ci/run`, it fails.
final class Needs {
    private Needs() {}

    static void programs(String... names) {
        for (String name : names) {
            need(isOnPath(name), "there is no program " + name + " on the PATH");
        }
    }

    /// etcd out of the distribution's package sources.
    static void etcdPackages() {
        programs("apt-get", "dpkg", "dpkg-deb", "flock", "setsid", "openssl");
        if (isRequired() || Files.exists(Checkout.cache().resolve("apt/updated"))) {
            return;
        }
        Command sources = Command.run(Duration.ofSeconds(20), List.of("apt-get", "indextargets"));
        String uri =
                sources.output()
                        .lines()
                        .filter(line -> line.startsWith("Repo-URI: http"))
                        .map(line -> line.substring("Repo-URI: ".length()))
                        .findFirst()
                        .orElse("");
        need(!uri.isEmpty(), "apt has no package sources");
        need(
                Command.run(
                                        Duration.ofSeconds(20),
                                        List.of("curl", "-sI", "-m", "15", "-o", "/dev/null", uri))
                                .status()
                        == 0,
                "apt's package source cannot be reached: " + uri);
    }

    static void postgres() {
        need(PostgresServer.missing().isEmpty(), PostgresServer.missing().orElse(""));
    }

    static void root() {
        need("root".equals(System.getProperty("user.name")), "only root may mount a file system");
    }

    static void need(boolean is, String otherwise) {
        if (isRequired()) {
            if (!is) {
                throw new AssertionError(otherwise);
            }
        } else {
            assumeTrue(is, otherwise);
        }
    }

    private static boolean isRequired() {
        return Boolean.parseBoolean(System.getenv("FORMWORK_REQUIRE_IT"));
    }

    private static boolean isOnPath(String name) {
        String path = System.getenv("PATH");
        return path != null
                && Arrays.stream(path.split(File.pathSeparator, -1))
                        .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    }
}
