package dev.formwork.agent.protocol;

import java.util.Objects;

/// Tells the engine what the machine is like now.
public record FactsUpdate(Facts facts) {
    public FactsUpdate {
        Objects.requireNonNull(facts, "facts");
    }
}
