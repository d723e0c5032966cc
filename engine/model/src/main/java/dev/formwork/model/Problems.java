package dev.formwork.model;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// Collects problems so that a user sees all of them at once. Not thread-safe.
public final class Problems {
    private final List<Problem> found = new ArrayList<>();

    public void add(Problem problem) {
        found.add(problem);
    }

    public void add(
            @Nullable Location location, String code, String detail, @Nullable String hint) {
        found.add(new Problem(code, detail, hint, location));
    }

    public void addAll(List<Problem> problems) {
        found.addAll(problems);
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }

    public List<Problem> all() {
        return List.copyOf(found);
    }

    /// @throws ProblemException with everything found, if anything was
    public void throwIfAny() {
        if (!found.isEmpty()) {
            throw new ProblemException(found);
        }
    }
}
