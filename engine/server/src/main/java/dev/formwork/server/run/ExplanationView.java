package dev.formwork.server.run;

import dev.formwork.workflow.engine.Cause;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeState;

import java.util.List;
import java.util.Optional;

/// `Explanation` of the API.
///
/// @param hint what a person can do about the node itself
record ExplanationView(
        String key, String state, String reason, List<Link> chain, Optional<String> hint) {
    record Link(int depth, String subject, Optional<String> state, String reason) {
        static Link of(Cause cause) {
            return new Link(cause.depth(), cause.subject(), cause.state(), cause.reason());
        }
    }

    static ExplanationView of(NodeRecord node, List<Cause> causes) {
        String reason =
                causes.stream()
                        .filter(cause -> cause.depth() == 0)
                        .map(Cause::reason)
                        .findFirst()
                        .orElse(node.reason());
        return new ExplanationView(
                node.key().toString(),
                node.state().word(),
                reason,
                causes.stream().filter(cause -> cause.depth() > 0).map(Link::of).toList(),
                hint(node));
    }

    private static Optional<String> hint(NodeRecord node) {
        String names = node.run() + " '" + node.key() + "'";
        if (node.question().isPresent()) {
            return Optional.of(
                    switch (node.question().get()) {
                        case DID_IT_HAPPEN ->
                                "look on the machine, then formwork resolve %s --happened, or --not-happened to have it run again"
                                        .formatted(names);
                        case APPROVE_MORE -> "formwork approve " + names;
                    });
        }
        return node.state() == NodeState.FAILED
                ? Optional.of("formwork retry " + node.run() + " once its cause is mended")
                : Optional.empty();
    }
}
