package dev.formwork.model;

import org.jspecify.annotations.Nullable;

import java.util.Objects;
import java.util.regex.Pattern;

/// One thing that is wrong, in words a person can act on.
///
/// @param code `area.reason`, unique, documented in docs/errors.md and never removed
/// @param detail what is wrong, naming the thing
/// @param hint what to do about it, if we know
/// @param location where in a file, if it came from one
public record Problem(
        String code, String detail, @Nullable String hint, @Nullable Location location) {
    private static final Pattern CODE = Pattern.compile("[a-z][a-z0-9-]*\\.[a-z][a-z0-9-]*");

    public Problem {
        Objects.requireNonNull(detail);
        if (!CODE.matcher(code).matches()) {
            throw new IllegalArgumentException("not a problem code: " + code);
        }
    }

    public static Problem of(String code, String detail) {
        return new Problem(code, detail, null, null);
    }

    public static Problem of(String code, String detail, @Nullable String hint) {
        return new Problem(code, detail, hint, null);
    }

    public static Problem at(
            @Nullable Location location, String code, String detail, @Nullable String hint) {
        return new Problem(code, detail, hint, location);
    }

    public ProblemException exception() {
        return new ProblemException(this);
    }

    /// One line for a terminal or a log: place, code, detail, hint.
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder();
        if (location != null) {
            line.append(location).append(": ");
        }
        line.append(code).append(": ").append(detail);
        if (hint != null) {
            line.append(" (").append(hint).append(')');
        }
        return line.toString();
    }
}
