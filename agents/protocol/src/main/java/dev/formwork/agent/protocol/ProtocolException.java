package dev.formwork.agent.protocol;

import org.jspecify.annotations.Nullable;

import java.io.Serial;

/// Something that came from the other side, or from a folder, is not what the protocol allows. The
/// only exception that this package throws for what it is given, apart from [java.io.IOException]
/// where it reads or writes.
public final class ProtocolException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private final String code;
    private final @Nullable String hint;

    public ProtocolException(String code, String detail, @Nullable String hint) {
        this(code, detail, hint, null);
    }

    public ProtocolException(
            String code, String detail, @Nullable String hint, @Nullable Throwable cause) {
        super(code + ": " + detail, cause);
        this.code = code;
        this.hint = hint;
    }

    /// `area.reason`, as docs/errors.md lists them; callers decide by this.
    public String code() {
        return code;
    }

    /// What is wrong, without the code.
    public String detail() {
        return String.valueOf(getMessage()).substring(code.length() + 2);
    }

    /// What to do about it, if we know.
    public @Nullable String hint() {
        return hint;
    }
}
