package dev.formwork.agent.terraform;

import java.io.Serial;

/// A configuration was not planned or not applied.
final class TerraformException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    private final String code;

    /// @param code of docs/errors.md
    TerraformException(String code, String detail) {
        super(detail);
        this.code = code;
    }

    String code() {
        return code;
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
