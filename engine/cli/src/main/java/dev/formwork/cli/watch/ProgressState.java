package dev.formwork.cli.watch;

import dev.formwork.cli.client.NodeName;
import dev.formwork.cli.client.RunEvent;
import dev.formwork.cli.client.RunNode;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What is known of a run's nodes, from one look and the events since. Not thread-safe.
final class ProgressState {
    private final Map<String, Tracked> nodes = new LinkedHashMap<>();
    private final Map<String, List<String>> steps = new LinkedHashMap<>();
    private final Map<String, Integer> open = new LinkedHashMap<>();

    /// A node.
    ///
    /// @param since when it came into its state
    /// @param started when it first ran in this run
    record Tracked(
            String key,
            String state,
            String reason,
            int attempt,
            Optional<String> question,
            Instant since,
            Optional<Instant> started) {
        String step() {
            return NodeName.step(key);
        }

        boolean ended() {
            return switch (state) {
                case "succeeded", "unchanged", "failed", "skipped", "cancelled" -> true;
                default -> false;
            };
        }
    }

    /// @param stepEnded the node was the last of its step
    record Change(Tracked before, Tracked after, boolean stepEnded) {}

    /// Takes over what a look at the run shows.
    ///
    /// @return what differs from what was known; empty at the first look
    List<Change> look(List<RunNode> seen, Instant now) {
        boolean first = nodes.isEmpty();
        List<Change> changes = new ArrayList<>();
        for (RunNode node : seen) {
            Instant since = node.endedAt().or(node::startedAt).orElse(now);
            Tracked tracked =
                    new Tracked(
                            node.key(),
                            node.state(),
                            node.reason(),
                            node.attempt(),
                            node.question(),
                            since,
                            node.startedAt());
            put(tracked).filter(_ -> !first).ifPresent(changes::add);
        }
        return changes;
    }

    Optional<Change> apply(RunEvent event) {
        if (!event.type().equals("node.changed")) {
            return Optional.empty();
        }
        Tracked before = nodes.get(event.subject());
        if (before == null) {
            return Optional.empty();
        }
        boolean runs = event.state().equals("running");
        return put(
                new Tracked(
                        before.key,
                        event.state(),
                        event.reason(),
                        event.attempt(),
                        event.question(),
                        event.state().equals(before.state) ? before.since : event.at(),
                        before.started.isEmpty() && runs
                                ? Optional.of(event.at())
                                : before.started));
    }

    private Optional<Change> put(Tracked after) {
        Tracked before = nodes.put(after.key, after);
        String step = after.step();
        if (before == null) {
            steps.computeIfAbsent(step, _ -> new ArrayList<>()).add(after.key);
            open.merge(step, after.ended() ? 0 : 1, Integer::sum);
            return Optional.empty();
        }
        if (before.equals(after)) {
            return Optional.empty();
        }
        int opened = (after.ended() ? 0 : 1) - (before.ended() ? 0 : 1);
        int left = open.merge(step, opened, Integer::sum);
        return Optional.of(new Change(before, after, left == 0 && opened < 0));
    }

    int total() {
        return nodes.size();
    }

    long ended() {
        return nodes.values().stream().filter(Tracked::ended).count();
    }

    /// Number of nodes by state.
    Map<String, Integer> counts() {
        Map<String, Integer> counts = new TreeMap<>();
        nodes.values().forEach(node -> counts.merge(node.state, 1, Integer::sum));
        return counts;
    }

    Collection<Tracked> in(String state) {
        return nodes.values().stream().filter(node -> node.state.equals(state)).toList();
    }

    List<Tracked> ofStep(String step) {
        return steps.getOrDefault(step, List.of()).stream()
                .map(key -> Optional.ofNullable(nodes.get(key)).orElseThrow())
                .toList();
    }

    List<Tracked> questions() {
        return nodes.values().stream().filter(node -> node.question.isPresent()).toList();
    }

    /// Nothing goes on by itself: all that is not blocked behind others asks a person.
    boolean waitsForAPerson() {
        return !questions().isEmpty()
                && nodes.values().stream()
                        .allMatch(node ->
                                node.ended()
                                        || node.question.isPresent()
                                        || node.state.equals("blocked"));
    }
}
