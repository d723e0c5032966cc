package dev.formwork.agent.protocol;

import java.util.List;

/// The answer to [Poll].
///
/// @param jobs offered again in every poll until they are reported started
/// @param cancel jobs to end
/// @param engines as in [Registered]
public record Polled(List<Job> jobs, List<Cancel> cancel, List<String> engines) {
    public Polled {
        jobs = jobs == null ? List.of() : List.copyOf(jobs);
        cancel = cancel == null ? List.of() : List.copyOf(cancel);
        engines = engines == null ? List.of() : List.copyOf(engines);
    }
}
