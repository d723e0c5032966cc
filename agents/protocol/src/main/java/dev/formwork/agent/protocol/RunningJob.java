package dev.formwork.agent.protocol;

import java.util.Objects;

/// A job that an agent holds: its result is not acknowledged yet.
public record RunningJob(JobId job, long token) {
    public RunningJob {
        Objects.requireNonNull(job, "job");
    }
}
