package dev.formwork.server.retention;

import dev.formwork.model.ProblemException;

import java.time.Duration;

/// What is kept. A cluster's last run is kept whatever is said here, and so is an open one.
///
/// @param keepRuns the newest runs of each cluster; those of single modules count as one cluster's
/// @param keepFor how long ago a run ended, an event happened, or a plan was made that nobody
///   applied
public record RetentionPolicy(int keepRuns, Duration keepFor) {
    public static final RetentionPolicy STANDARD = new RetentionPolicy(100, Duration.ofDays(90));

    /// @throws ProblemException `server.bad-retention`
    public static RetentionPolicy of(int runs, int days) {
        if (runs < 1 || days < 1) {
            throw ProblemException.of(
                    "server.bad-retention",
                    "at least 1 run and 1 day are kept, not %d and %d".formatted(runs, days),
                    "such as --keep-runs 100 --keep-days 90");
        }
        return new RetentionPolicy(runs, Duration.ofDays(days));
    }
}
