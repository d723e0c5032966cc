package dev.formwork.workflow.graph;

import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Names one node of a cluster's graph, the same in every plan and run: `path[item]@machine`, such
/// as `member@demo-members-0`, `grow[demo-members-3]@demo-members-0`, `ca@engine`,
/// `store/health@demo-members-0` for a nested step, `machine:create@demo-members-0`.
///
/// @param path step names from the outermost workflow inwards, joined by `/`; a prefix with a colon
///   (`machine:`, `undo:`, `rollback:`, `turn:`, `all:`, ...) marks what is no step
/// @param item which iteration of a `for_each`: a machine's name or a number from 0
/// @param machine the machine's name, or `engine`; empty for what runs nowhere
public record NodeKey(String path, Optional<String> item, Optional<String> machine)
        implements Comparable<NodeKey> {
    /// The name under which the engine's own agent stands in keys.
    public static final String ENGINE = "engine";

    private static final String WITHIN = "within:";

    private static final Pattern TEXT =
            Pattern.compile(
                    "([a-z0-9_:/]{1,400})(?:\\[([a-z0-9-]{1,80})])?(?:@([a-z0-9-]{1,80}))?");
    private static final Comparator<NodeKey> ORDER =
            Comparator.comparing(NodeKey::path)
                    .thenComparing(key -> key.item.orElse(""))
                    .thenComparing(key -> key.machine.orElse(""));

    public static NodeKey of(String path, String machine) {
        return new NodeKey(path, Optional.empty(), Optional.of(machine));
    }

    /// Of an UNDO node: the step it undoes.
    public NodeKey undone() {
        return new NodeKey(path.substring(path.indexOf(':') + 1), item, machine);
    }

    static NodeKey gate(String path) {
        return new NodeKey(path, Optional.empty(), Optional.empty());
    }

    /// The node that is over when all of a workflow has ended that may take only so long.
    ///
    /// @param workflow its path, empty for the outermost
    public static NodeKey within(String workflow) {
        return gate(WITHIN + (workflow.isEmpty() ? "/" : workflow));
    }

    /// Of a node that [#within] gives, the path of the workflow; empty of any other.
    public Optional<String> limited() {
        return path.startsWith(WITHIN)
                ? Optional.of(path.equals(WITHIN + "/") ? "" : path.substring(WITHIN.length()))
                : Optional.empty();
    }

    /// Reads what [#toString] writes.
    ///
    /// @throws ProblemException `node.bad-key`
    public static NodeKey parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw ProblemException.of(
                    "node.bad-key",
                    "not a node: " + Names.abbreviate(text),
                    "write it as status shows it: step@machine, step[item]@machine");
        }
        return new NodeKey(
                matcher.group(1),
                Optional.ofNullable(matcher.group(2)),
                Optional.ofNullable(matcher.group(3)));
    }

    @Override
    public int compareTo(NodeKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return path
                + item.map(name -> "[" + name + "]").orElse("")
                + machine.map(name -> "@" + name).orElse("");
    }
}
