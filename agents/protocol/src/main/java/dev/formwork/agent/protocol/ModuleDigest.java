package dev.formwork.agent.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;

import java.util.regex.Pattern;

/// Names a module's folder by its content: see [ModuleBundle#digest()].
///
/// @param value `sha256:` and 64 lower-case hexadecimal digits
public record ModuleDigest(@JsonValue String value) {
    private static final Pattern FORM = Pattern.compile("sha256:[0-9a-f]{64}");

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public ModuleDigest {
        if (!FORM.matcher(value).matches()) {
            throw new IllegalArgumentException("not a module's digest");
        }
    }

    /// The 64 digits alone: a file name.
    public String hex() {
        return value.substring("sha256:".length());
    }

    @Override
    public String toString() {
        return value;
    }
}
