package dev.formwork.provider;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// The codes that every provider fails with, and what the engine does about each.
///
/// A provider may have codes of its own (`local.needs-linux`); the engine takes those for
/// permanent.
public enum ProviderCode {
    /// The place did not answer in time; it may have done what was asked.
    TIMEOUT("timeout", true),
    /// The place asks to be asked less often.
    THROTTLED("throttled", true),
    /// The place cannot be reached, or says that it is out of order.
    UNAVAILABLE("unavailable", true),
    /// The thread was interrupted; the interrupt flag is still set.
    INTERRUPTED("interrupted", true),
    /// A part was done and the rest was not; asking again under the same token goes on with it.
    PARTIAL("partial", true),
    /// The place does not know the credentials, or they do not reach far enough.
    CREDENTIALS("credentials", false),
    /// A limit of the account or the host is reached.
    QUOTA("quota", false),
    /// There is no such instance, of this engine.
    NOT_FOUND("not-found", false),
    /// What is asked for contradicts what is there.
    CONFLICT("conflict", false),
    /// The provider does not offer that.
    UNSUPPORTED("unsupported", false),
    /// The provider was closed.
    CLOSED("closed", false),
    /// The provider's configuration is wrong.
    INVALID_CONFIG("invalid-config", false),
    /// The machine's name is not one.
    INVALID_NAME("invalid-name", false),
    /// A label cannot be stored with a machine.
    INVALID_LABEL("invalid-label", false),
    /// The group's `spec` for this provider is wrong.
    INVALID_SPEC("invalid-spec", false);

    private final String code;
    private final boolean isTransient;

    ProviderCode(String reason, boolean isTransient) {
        this.code = "provider." + reason;
        this.isTransient = isTransient;
    }

    /// As in a [Problem]: `provider.timeout`.
    public String code() {
        return code;
    }

    /// Whether asking again later, under the same token and with nothing changed, may succeed.
    public boolean isTransient() {
        return isTransient;
    }

    /// Whether the engine may ask again after this exception: false for codes not listed here.
    public static boolean isTransient(ProblemException exception) {
        for (ProviderCode known : values()) {
            if (known.code.equals(exception.code())) {
                return known.isTransient;
            }
        }
        return false;
    }

    public ProblemException problem(String detail, @Nullable String hint) {
        return ProblemException.of(code, detail, hint);
    }

    public ProblemException problem(String detail, @Nullable String hint, Throwable cause) {
        return new ProblemException(List.of(Problem.of(code, detail, hint)), cause);
    }
}
