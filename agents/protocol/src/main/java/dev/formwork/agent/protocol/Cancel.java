package dev.formwork.agent.protocol;

import java.util.Objects;

/// Asks for the end of a job.
///
/// @param graceSeconds between TERM and KILL
public record Cancel(JobId job, long token, long graceSeconds) {
    public Cancel {
        Objects.requireNonNull(job, "job");
        if (graceSeconds < 0) {
            throw new IllegalArgumentException("graceSeconds is negative");
        }
    }
}
