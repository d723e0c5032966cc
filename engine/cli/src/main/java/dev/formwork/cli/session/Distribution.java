package dev.formwork.cli.session;

import dev.formwork.model.ProblemException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Where the parts of this installation are: the launcher says it in `FORMWORK_APP`.
///
/// @param root the checkout, or the unpacked archive
public record Distribution(Path root) {
    static Distribution of(Map<String, String> environment, Path workingDirectory) {
        String app = environment.get("FORMWORK_APP");
        return new Distribution(app == null ? workingDirectory : Path.of(app));
    }

    /// The pack that every plan uses, if it is there.
    public Optional<Path> standardPack() {
        Path pack = root.resolve("workflows");
        return Files.exists(pack.resolve("pack.yaml")) ? Optional.of(pack) : Optional.empty();
    }

    /// The launcher.
    public Path program() {
        return root.resolve("formwork");
    }

    /// The jars of the agent.
    ///
    /// @throws ProblemException `cli.no-agent`
    public Path agentJars() {
        Path jars = root.resolve("agents/host/target/app/lib");
        if (!Files.isDirectory(jars)) {
            throw ProblemException.of(
                    "cli.no-agent",
                    "the agent is not built: there is no " + jars,
                    "run ./mvnw -Dfast package, or start by ./formwork, which does");
        }
        return jars;
    }

    public Path example(String file) {
        return root.resolve("examples").resolve(file);
    }
}
