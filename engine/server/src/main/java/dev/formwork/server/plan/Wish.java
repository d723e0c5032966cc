package dev.formwork.server.plan;

import dev.formwork.model.value.Value;

import java.util.List;
import java.util.Optional;

/// What somebody asks a plan for.
///
/// @param packs digests of uploaded packs, laid over those that every plan uses
/// @param refresh ask the providers and run the checks; otherwise the records are believed
public record Wish(Goal goal, List<String> packs, boolean refresh) {
    public Wish {
        packs = List.copyOf(packs);
    }

    /// What is to become true.
    public sealed interface Goal {
        /// @param file what problems call the YAML
        record Apply(String file, String yaml) implements Goal {}

        record Destroy(String cluster) implements Goal {}

        /// One module on machines that exist.
        ///
        /// @param where CEL, in place of names
        record RunModule(
                String module, List<String> machines, Optional<String> where, Value.Struct with)
                implements Goal {
            public RunModule {
                machines = List.copyOf(machines);
            }
        }
    }
}
