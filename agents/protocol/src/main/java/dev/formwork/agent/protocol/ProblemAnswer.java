package dev.formwork.agent.protocol;

import org.jspecify.annotations.Nullable;

/// An error answer, `application/problem+json` (RFC 9457).
///
/// @param code `area.reason`
/// @param detail what is wrong
/// @param hint what to do about it
/// @param next with `job.log-gap` only: the offset that the engine wants
public record ProblemAnswer(
        @Nullable String code,
        @Nullable String detail,
        @Nullable String hint,
        @Nullable Long next) {
    /// The token is older than one that the engine has handed out since.
    public static final String FENCED = "job.fenced";

    /// Bytes before the offset are missing.
    public static final String LOG_GAP = "job.log-gap";

    /// The boot token was used with another credential.
    public static final String TOKEN_USED = "agent.token-used";
}
