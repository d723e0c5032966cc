package dev.formwork.server.plan;

import java.util.List;

/// Asks the providers whether a cluster's machines are still there.
@FunctionalInterface
public interface Drift {
    Drift NONE = _ -> List.of();

    /// Has the core know what is gone, and says it in words. Returns when that is durable.
    ///
    /// @throws dev.formwork.model.ProblemException `provider.*` where one can't be asked
    List<String> observe(String cluster);
}
