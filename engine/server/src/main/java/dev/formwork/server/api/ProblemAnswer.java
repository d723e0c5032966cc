package dev.formwork.server.api;

import dev.formwork.model.Location;
import dev.formwork.model.Problem;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// An error as `application/problem+json` (RFC 9457). `code`, `detail` and `hint` are those of the
/// first problem.
///
/// @param next the log's length, with `job.log-gap`
public record ProblemAnswer(
        String type,
        String title,
        int status,
        String code,
        String detail,
        Optional<String> hint,
        List<One> problems,
        Optional<Long> next) {
    public static final String MEDIA_TYPE = "application/problem+json";

    /// One of the problems.
    public record One(
            String code, String detail, Optional<String> hint, Optional<Location> location) {
        public static One of(Problem problem) {
            return new One(
                    problem.code(),
                    problem.detail(),
                    Optional.ofNullable(problem.hint()),
                    Optional.ofNullable(problem.location()));
        }
    }

    static ProblemAnswer of(int status, String title, List<Problem> problems, OptionalLong next) {
        Problem first = problems.getFirst();
        return new ProblemAnswer(
                "about:blank",
                title,
                status,
                first.code(),
                first.detail(),
                Optional.ofNullable(first.hint()),
                problems.stream().map(One::of).toList(),
                next.isPresent() ? Optional.of(next.getAsLong()) : Optional.empty());
    }
}
