package dev.formwork.workflow.engine;

import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.run.NodeState;

/// One link of the chain that explains why a node is where it is (`formwork explain`): the node
/// asked for comes first, then what it waits for, down to the first causes.
///
/// @param depth 0 for the node asked for, one more for each step towards the cause
public record Cause(int depth, NodeKey node, NodeState state, String reason) {}
