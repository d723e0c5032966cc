package dev.formwork.model;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.stream.Collectors;

/// The one exception of Formwork: carries one or more [Problem]s. Whatever can be found wrong
/// together is reported together.
public final class ProblemException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public ProblemException(Problem problem) {
        this(List.of(problem), null);
    }

    public ProblemException(List<Problem> problems) {
        this(problems, null);
    }

    public ProblemException(List<Problem> problems, @Nullable Throwable cause) {
        super(null, cause);
        if (problems.isEmpty()) {
            throw new IllegalArgumentException("a ProblemException needs a problem");
        }
        this.problems = List.copyOf(problems);
    }

    public static ProblemException of(String code, String detail, @Nullable String hint) {
        return new ProblemException(Problem.of(code, detail, hint));
    }

    /// At least one, in the order they were found.
    public List<Problem> problems() {
        return problems;
    }

    /// All problems, one a line.
    @Override
    public String getMessage() {
        return problems.stream().map(Problem::toString).collect(Collectors.joining("\n"));
    }

    /// The first problem's code: what a caller decides by.
    public String code() {
        return problems.getFirst().code();
    }
}
