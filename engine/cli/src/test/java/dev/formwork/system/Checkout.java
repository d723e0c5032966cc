package dev.formwork.system;

import java.nio.file.Files;
import java.nio.file.Path;

/// Where in the checkout the parts under test are.
final class Checkout {
    private Checkout() {}

    static Path root() {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            if (Files.exists(at.resolve("workflows/pack.yaml"))) {
                return at;
            }
        }
        throw new IllegalStateException("not in a checkout: " + Path.of("").toAbsolutePath());
    }

    static Path standardPack() {
        return root().resolve("workflows");
    }

    /// The jars of `formwork`, as the build lays them out.
    static Path engineJars() {
        return root().resolve("engine/cli/target/app/lib");
    }

    /// The jars of the agent, as the build lays them out.
    static Path agentJars() {
        return root().resolve("agents/host/target/app/lib");
    }

    /// What the tests' machines share and the next build can use: the distribution's packages.
    static Path cache() {
        return root().resolve("engine/cli/target/it-cache");
    }

    static Path java() {
        return Path.of(System.getProperty("java.home"), "bin", "java");
    }
}
