package dev.formwork.server.boot;

import dev.formwork.boot.address.Octets;
import dev.formwork.boot.content.Content;
import dev.formwork.boot.content.ContentSource;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.model.value.ValueJson;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// The configuration for Ignition that a machine asks for beside its claim (docs/container-os.md):
/// one for all. It is served as it was read, so that what was looked at is what machines get.
record IgnitionSource(Octets configuration) implements ContentSource {
    static final String PATH = "boot/ignition";

    /// As much as a machine takes.
    private static final int MOST = 1 << 20;

    /// What is in it is for the machine to judge, which knows its version of Ignition; here only
    /// that it is such a configuration.
    ///
    /// @throws ProblemException `boot.bad-ignition`
    static IgnitionSource read(Path file) {
        try {
            if (Files.size(file) > MOST) {
                throw bad(file, "it is larger than " + MOST + " bytes");
            }
            String text = Files.readString(file, StandardCharsets.UTF_8);
            if (!(json(file, text) instanceof Value.Struct all)
                    || !(all.fields().get("ignition") instanceof Value.Struct ignition)
                    || !(ignition.fields().get("version") instanceof Value.Text)) {
                throw bad(file, "it has no ignition.version");
            }
            return new IgnitionSource(Octets.of(text.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
            throw bad(file, "it cannot be read: " + e);
        }
    }

    private static Value json(Path file, String text) {
        try {
            return ValueJson.read(text);
        } catch (ProblemException e) {
            throw bad(file, e.getMessage());
        }
    }

    private static ProblemException bad(Path file, String why) {
        return ProblemException.of(
                "boot.bad-ignition",
                file + " is no configuration for Ignition: " + why,
                "JSON that begins with {\"ignition\": {\"version\": \"3.3.0\"}}; of Butane's YAML,"
                        + " `butane` makes it");
    }

    @Override
    public Optional<Content> find(Asked asked) {
        return asked.path().equals(PATH)
                ? Optional.of(new Content.Rendered(configuration))
                : Optional.empty();
    }
}
