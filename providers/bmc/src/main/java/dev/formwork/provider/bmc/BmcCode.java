package dev.formwork.provider.bmc;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// The codes that all providers of this kind have beside those of
/// [dev.formwork.provider.ProviderCode].
public enum BmcCode {
    /// Another engine's mark is on the controller.
    MARKED_BY_ANOTHER("bmc.marked-by-another"),
    /// Neither the configuration nor the controller says how the node is recognised when it boots.
    UNKNOWN_HARDWARE("bmc.unknown-hardware"),
    /// A record of the store is none of ours.
    DAMAGED_RECORD("bmc.damaged-record"),
    /// The node's power did not become what was commanded.
    POWER_UNCHANGED("bmc.power-unchanged");

    private final String code;

    BmcCode(String code) {
        this.code = code;
    }

    public String code() {
        return code;
    }

    public ProblemException problem(String detail, @Nullable String hint) {
        return ProblemException.of(code, detail, hint);
    }

    public ProblemException problem(String detail, @Nullable String hint, Throwable cause) {
        return new ProblemException(List.of(Problem.of(code, detail, hint)), cause);
    }
}
