package dev.formwork.agent.job;

import org.jspecify.annotations.Nullable;

/// What scripts learn about the machine they run on.
///
/// @param id the engine's
/// @param name the engine's
/// @param address where other machines reach it, if known
public record Machine(String id, String name, @Nullable String address) {}
