package dev.formwork.workflow.graph;

/// What a step that runs after a failure is told of it.
///
/// @param step the path of the step that failed
/// @param machine the machine's name, or `engine`
public record Failure(String step, String machine, String code, String reason) {
    String field(String name) {
        return switch (name) {
            case "step" -> step;
            case "machine" -> machine;
            case "code" -> code;
            case "reason" -> reason;
            default -> throw new IllegalArgumentException(name);
        };
    }
}
