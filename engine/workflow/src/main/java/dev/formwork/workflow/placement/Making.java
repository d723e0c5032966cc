package dev.formwork.workflow.placement;

import dev.formwork.model.pool.PoolSpec;
import dev.formwork.model.value.Value;

import java.math.BigDecimal;
import java.util.Optional;

/// How a pool may have a machine made, where none of those that it has is free.
///
/// @param machine what the provider is asked for, in its own words
/// @param perHour what the machine costs; empty where nobody has said
public record Making(String provider, Value.Struct machine, Optional<BigDecimal> perHour) {
    /// Whether the pool, as it is declared now, would have it made in this way.
    public boolean isAs(PoolSpec.Make make) {
        return provider.equals(make.provider()) && machine.equals(make.machine());
    }
}
