package dev.formwork.server.run;

import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.RunRecord;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// `Run` of the API.
///
/// @param nodes how many are in each state; left out of lists
public record RunView(
        String id,
        String cluster,
        String kind,
        String plan,
        String state,
        String requestedBy,
        int priority,
        Optional<Instant> deadline,
        String reason,
        Optional<String> code,
        Instant createdAt,
        Optional<Instant> endedAt,
        Optional<SortedMap<String, Integer>> nodes,
        Optional<List<String>> questions) {

    /// As in a list.
    public static RunView of(RunRecord run) {
        return of(run, Optional.empty(), Optional.empty());
    }

    /// @param shown those that people see: no gates
    static RunView of(RunRecord run, List<NodeRecord> shown) {
        TreeMap<String, Integer> counts = new TreeMap<>();
        shown.forEach(node -> counts.merge(node.state().word(), 1, Integer::sum));
        List<String> questions =
                shown.stream()
                        .filter(node -> node.question().isPresent())
                        .map(node -> node.key().toString())
                        .toList();
        return of(run, Optional.of(counts), Optional.of(questions));
    }

    private static RunView of(
            RunRecord run,
            Optional<SortedMap<String, Integer>> nodes,
            Optional<List<String>> questions) {
        return new RunView(
                run.id().value(),
                run.cluster(),
                run.kind().name().toLowerCase(Locale.ROOT),
                run.planDigest(),
                run.state().word(),
                run.requestedBy(),
                run.terms().priority(),
                run.deadline(),
                run.reason(),
                run.code(),
                run.createdAt(),
                run.endedAt(),
                nodes,
                questions);
    }
}
