package dev.formwork.workflow.engine;

import dev.formwork.workflow.run.NodeRecord;

import java.util.Optional;

/// One link of the chain that explains why a node is where it is (`formwork explain`): the node
/// asked for comes first, then what it waits for, down to the first causes.
///
/// @param depth 0 for the node asked for, one more for each step towards the cause
/// @param subject the key of a node, of another run with that; or a run
/// @param state of the node or the run, as a word
public record Cause(int depth, String subject, Optional<String> state, String reason) {
    static Cause of(int depth, NodeRecord node, String reason) {
        return new Cause(depth, node.key().toString(), Optional.of(node.state().word()), reason);
    }
}
