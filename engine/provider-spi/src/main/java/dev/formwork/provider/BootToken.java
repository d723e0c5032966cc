package dev.formwork.provider;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.regex.Pattern;

/// The secret with which a new machine's agent registers, once. Prints as `***`. It reaches the
/// machine as a file or as user data, never on a command line.
public final class BootToken {
    private static final Pattern FORM = Pattern.compile("[!-~]{8,512}");

    private final String plain;

    /// @param plain 8 to 512 printable ASCII characters without blanks
    public BootToken(String plain) {
        if (!FORM.matcher(plain).matches()) {
            throw new IllegalArgumentException("not a boot token");
        }
        this.plain = plain;
    }

    /// The secret itself.
    public String reveal() {
        return plain;
    }

    /// Takes the same time wherever two tokens differ.
    @Override
    public boolean equals(Object other) {
        return other instanceof BootToken that
                && MessageDigest.isEqual(
                        plain.getBytes(StandardCharsets.US_ASCII),
                        that.plain.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public int hashCode() {
        return plain.hashCode();
    }

    @Override
    public String toString() {
        return "***";
    }
}
