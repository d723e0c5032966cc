package dev.formwork.workflow.engine;

import dev.formwork.model.RunId;

/// A node of an open run.
///
/// @param node its number in the run's graph
record NodeRef(RunId run, int node) {}
