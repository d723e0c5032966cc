package dev.formwork.provider.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// Texts for a POSIX shell.
final class Shell {
    private Shell() {}

    /// As one word, whatever is in it.
    static String quote(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    /// A script out of the jar.
    static String resource(String name) {
        try (InputStream in = Shell.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("the jar of the ssh provider lacks " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
