package dev.formwork.system;

import tools.jackson.databind.JsonNode;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What the API answers, as far as tests look at it.
final class Answer {
    private Answer() {}

    record Items<T>(List<T> items) {}

    record Plan(
            String digest,
            String cluster,
            Summary summary,
            List<PlannedNode> nodes,
            List<String> drift) {
        record Summary(
                int run,
                int mayRun,
                int unchanged,
                int undo,
                int create,
                int remove,
                boolean empty,
                Map<String, Count> effects) {}

        record Count(int certain, int possible) {}

        record PlannedNode(
                String key,
                String action,
                String decision,
                String reason,
                List<String> after,
                Optional<String> machine) {
            boolean changes() {
                return decision.equals("will_run") || decision.equals("may_run");
            }
        }

        /// Keys of those that will or may run.
        List<String> changing() {
            return nodes.stream().filter(PlannedNode::changes).map(PlannedNode::key).toList();
        }
    }

    record Run(
            String id,
            String cluster,
            String plan,
            String state,
            String reason,
            Optional<List<String>> questions) {
        boolean ended() {
            return List.of("succeeded", "failed", "cancelled").contains(state);
        }
    }

    record Node(
            String key,
            String action,
            Optional<String> machine,
            String state,
            int attempt,
            int phase,
            String reason,
            Optional<String> code,
            Optional<String> question,
            Optional<Instant> startedAt,
            Optional<Instant> endedAt) {}

    record Machine(
            String id,
            String name,
            Optional<String> cluster,
            Optional<String> group,
            int incarnation,
            String state,
            Optional<String> address,
            boolean registered) {}

    record Power(String power) {}

    record Cluster(String name, List<String> formed, List<Member> members, JsonNode outputs) {
        record Member(
                String group,
                int ordinal,
                String name,
                String machine,
                String state,
                boolean standing,
                Optional<String> address) {}
    }

    record Validation(boolean valid, List<ApiProblem.Item> problems) {}

    record Pack(String digest) {}

    record Engine(List<Share> engines) {
        record Share(String url, int shards) {}
    }

    record Explanation(
            String key, String state, String reason, List<Cause> chain, Optional<String> hint) {
        record Cause(String subject, Optional<String> state, String reason) {}
    }

    record Event(long id, String type, Optional<String> run, String subject, JsonNode data) {}

    record ProblemAnswer(List<ApiProblem.Item> problems) {}
}
