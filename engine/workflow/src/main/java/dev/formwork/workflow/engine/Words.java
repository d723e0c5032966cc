package dev.formwork.workflow.engine;

import dev.formwork.model.Names;
import dev.formwork.model.Problem;

import java.util.List;
import java.util.stream.Collectors;

/// How problems read in the reason of a node.
final class Words {
    private Words() {}

    /// What a provider says it could not do.
    static String provider(Input.InstanceFailed answer) {
        return Names.abbreviate(answer.detail()) + " (" + Names.abbreviate(answer.code()) + ")";
    }

    static String of(List<Problem> problems) {
        return problems.stream()
                .map(problem ->
                        problem.hint() == null
                                ? problem.detail()
                                : problem.detail() + " (" + problem.hint() + ")")
                .collect(Collectors.joining("; "));
    }
}
