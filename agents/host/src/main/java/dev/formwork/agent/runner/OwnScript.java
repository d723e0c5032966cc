package dev.formwork.agent.runner;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// The scripts that come with the agent, in its jar.
public final class OwnScript {
    private OwnScript() {}

    /// The text of one.
    ///
    /// @param user the class that it lies beside
    /// @throws IllegalStateException where the jar lacks it
    public static String text(Class<?> user, String name) {
        try (InputStream in = user.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing in the agent");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(name + " can't be read", e);
        }
    }
}
