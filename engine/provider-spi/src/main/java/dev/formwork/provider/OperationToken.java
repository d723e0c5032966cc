package dev.formwork.provider;

import dev.formwork.model.Names;

import java.util.regex.Pattern;

/// Names one intended change, so that a provider can tell a repeat from a second wish. The engine
/// stores the token before it asks for the first time, and never uses it for anything else.
///
/// @param value 1 to 64 letters, digits, dots, dashes and underscores: what clouds accept as a
///   client token. Not a secret
public record OperationToken(String value) {
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    public OperationToken {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException(
                    "not an operation token: " + Names.abbreviate(value));
        }
    }

    @Override
    public String toString() {
        return value;
    }
}
