package dev.formwork.workflow.graph;

/// What a node needs for itself while it runs: of all nodes of all runs that name the same, `max`
/// run at a time. Where they differ in that, the least counts.
///
/// @param name as [dev.formwork.model.module.Step.Mutex#NAME] has it
/// @param max from 1
public record Mutex(String name, int max) {}
