package dev.formwork.provider.redfish.client;

import dev.formwork.model.ProblemException;

import org.jspecify.annotations.Nullable;

/// The codes of this provider's own; the engine does not ask again after one of them by itself.
public enum RedfishCode {
    /// The certificate of the service is not one that the configuration says is trusted.
    UNTRUSTED("redfish.untrusted"),
    /// What answers breaks the rules of Redfish, or of its own schema.
    PROTOCOL("redfish.protocol"),
    /// The service does not do what it is asked for; the detail is what it said.
    REFUSED("redfish.refused"),
    /// The service has no such thing, or cannot do that.
    MISSING("redfish.missing"),
    /// What was begun at the service, a task, failed there.
    TASK_FAILED("redfish.task-failed");

    private final String code;

    RedfishCode(String code) {
        this.code = code;
    }

    /// As in a [dev.formwork.model.Problem]: `redfish.refused`.
    public String code() {
        return code;
    }

    public ProblemException problem(String detail, @Nullable String hint) {
        return ProblemException.of(code, detail, hint);
    }
}
