package dev.formwork.agent.protocol;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;

import org.jspecify.annotations.Nullable;

import java.util.Objects;

/// What a job executes: a file of its module, or text. On the wire `{"path": ...}` or `{"inline":
/// ...}`.
public sealed interface ScriptRef {
    /// @param path below the module's folder, as [BundlePath] allows it
    record FromFile(String path) implements ScriptRef {
        public FromFile {
            BundlePath.require(path);
        }
    }

    /// @param inline the script's text
    record Inline(String inline) implements ScriptRef {
        public Inline {
            Objects.requireNonNull(inline, "inline");
        }
    }

    /// From the wire: exactly one of the two is given.
    @JsonCreator
    static ScriptRef of(
            @JsonProperty("path") @Nullable String path,
            @JsonProperty("inline") @Nullable String inline) {
        if (path != null && inline == null) {
            return new FromFile(path);
        }
        if (inline != null && path == null) {
            return new Inline(inline);
        }
        throw new IllegalArgumentException("a script has a path or is inline");
    }
}
