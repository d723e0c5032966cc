package dev.formwork.provider.bmc;

import dev.formwork.provider.ProviderCode;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Set;

/// What one logs in to a controller with. Prints as `***`.
public final class Password {
    private static final int LONGEST = 256;

    private final @Nullable Path file;
    private final String text;

    private Password(@Nullable Path file, String text) {
        this.file = file;
        this.text = text;
    }

    public static Password of(String text) {
        return new Password(null, text);
    }

    /// The first line of a file that only its owner may read. It is read each time, so that a new
    /// password needs no restart.
    public static Password in(Path file) {
        return new Password(file, "");
    }

    /// The password itself.
    ///
    /// @throws dev.formwork.model.ProblemException `provider.credentials` where the file cannot be
    ///   read, or others may read it
    public String reveal() {
        if (file == null) {
            return text;
        }
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (permissions.stream().anyMatch(each -> !each.name().startsWith("OWNER"))) {
                throw ProviderCode.CREDENTIALS.problem(
                        "others may read the password file " + file, "chmod 600");
            }
            String line = Files.readString(file).lines().findFirst().orElse("");
            if (line.isEmpty() || line.length() > LONGEST) {
                throw ProviderCode.CREDENTIALS.problem(
                        "there is no password in " + file, "put it on the first line");
            }
            return line;
        } catch (IOException failed) {
            throw ProviderCode.CREDENTIALS.problem(
                    "the password file %s cannot be read: %s".formatted(file, failed),
                    "a file of mode 0600 with the password on its first line",
                    failed);
        }
    }

    @Override
    public String toString() {
        return "***";
    }
}
