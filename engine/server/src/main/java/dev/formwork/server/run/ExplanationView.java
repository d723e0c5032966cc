package dev.formwork.server.run;

import dev.formwork.workflow.engine.Cause;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeState;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/// `Explanation` of the API.
///
/// @param hint what a person can do about the node itself
record ExplanationView(
        String key, String state, String reason, List<Link> chain, Optional<String> hint) {
    private static final int MOST_MACHINES = 4;

    record Link(int depth, String subject, Optional<String> state, String reason) {
        static Link of(Cause cause) {
            return new Link(cause.depth(), cause.subject(), cause.state(), cause.reason());
        }
    }

    /// @param trouble what keeps a machine from booting, by its name
    static ExplanationView of(
            NodeRecord node, List<Cause> causes, Function<String, Optional<String>> trouble) {
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
                chain(node, causes, trouble),
                hint(node));
    }

    /// A node that waits for a machine which does not come up waits, in the end, for what the boot
    /// servers say of it.
    private static List<Link> chain(
            NodeRecord node, List<Cause> causes, Function<String, Optional<String>> trouble) {
        List<Link> chain =
                new ArrayList<>(
                        causes.stream().filter(cause -> cause.depth() > 0).map(Link::of).toList());
        if (node.state().ended()) {
            return chain;
        }
        int depth = causes.stream().mapToInt(Cause::depth).max().orElse(0) + 1;
        Stream.concat(Stream.of(node.key().toString()), causes.stream().map(Cause::subject))
                .filter(subject -> subject.indexOf('@') >= 0)
                .map(subject -> subject.substring(subject.indexOf('@') + 1))
                .distinct()
                .limit(MOST_MACHINES)
                .forEach(machine ->
                        trouble.apply(machine)
                                .ifPresent(words ->
                                        chain.add(
                                                new Link(
                                                        depth, machine, Optional.empty(), words))));
        return chain;
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
