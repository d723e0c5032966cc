package dev.formwork.workflow.graph;

/// The turn of one machine in a step with a `strategy`: a GATE that whatever belongs to the turn
/// comes after.
///
/// @param step the path of that step
/// @param maxParallel how many of the step's turns there may be at a time
/// @param maxFailures how many of the step's turns may fail before no other begins
/// @param end the node with which the turn is over
public record Turn(String step, int maxParallel, int maxFailures, NodeKey end) {}
