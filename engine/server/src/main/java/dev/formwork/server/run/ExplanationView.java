package dev.formwork.server.run;

import dev.formwork.workflow.engine.Cause;
import dev.formwork.workflow.run.NodeRecord;

import java.util.List;

/// `Explanation` of the API.
record ExplanationView(String key, String state, String reason, List<Link> chain) {
    record Link(int depth, String subject, String state, String reason) {
        static Link of(Cause cause) {
            return new Link(
                    cause.depth(), cause.node().toString(), cause.state().word(), cause.reason());
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
                causes.stream().filter(cause -> cause.depth() > 0).map(Link::of).toList());
    }
}
