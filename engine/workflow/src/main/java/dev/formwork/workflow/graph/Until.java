package dev.formwork.workflow.graph;

import dev.formwork.model.value.Value;

import java.time.Duration;
import java.util.function.Predicate;

/// Lets a step run again until its outputs are as wanted.
///
/// @param max how many times it runs before that counts as failed; a retry begins to count anew
/// @param condition of the step's outputs; throws `expression.*`
public record Until(int max, Duration delay, Predicate<Value.Struct> condition) {}
