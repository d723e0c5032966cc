package dev.formwork.system;

import java.util.List;
import java.util.Optional;

/// What the engine refuses with.
final class ApiProblem extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient List<Item> problems;
    private final int status;

    /// One of the problems of an answer.
    record Item(String code, String detail, Optional<String> hint, Optional<Location> location) {
        /// Where in a file.
        record Location(String file, int line, int column) {}
    }

    ApiProblem(int status, List<Item> problems) {
        super(status + " " + problems);
        this.status = status;
        this.problems = List.copyOf(problems);
    }

    int status() {
        return status;
    }

    List<Item> problems() {
        return problems;
    }

    String code() {
        return problems.getFirst().code();
    }

    String detail() {
        return problems.getFirst().detail();
    }

    String hint() {
        return problems.getFirst().hint().orElse("");
    }
}
