package dev.formwork.workflow.engine;

import dev.formwork.workflow.store.Change;

import java.util.List;

/// What one [Input] made of the engine. The core's memory has changed already. Whoever drives the
/// core commits `changes` of each transition, in the order of the steps and together; does
/// `effects` and gives `reply` only when they are durable. Where a commit fails, the core is
/// dropped and loaded anew.
public record Transition(List<Change> changes, List<Effect> effects, Reply reply) {
    public Transition {
        changes = List.copyOf(changes);
        effects = List.copyOf(effects);
    }
}
