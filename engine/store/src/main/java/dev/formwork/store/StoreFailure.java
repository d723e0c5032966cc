package dev.formwork.store;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// Says what went wrong in the words of [dev.formwork.workflow.store.Store].
final class StoreFailure {
    private StoreFailure() {}

    /// @param directory where the store is
    static ProblemException of(Throwable cause, Path directory) {
        if (cause instanceof ProblemException problem) {
            return problem;
        }
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof ProblemException problem) {
                return problem;
            }
            if (isFull(each)) {
                return new ProblemException(List.of(full(directory)), cause);
            }
        }
        return new ProblemException(
                List.of(
                        Problem.of(
                                "store.broken",
                                "the store in " + directory + " failed: " + cause.getMessage(),
                                "look at the disk and at the engine's log; restart the engine:"
                                        + " nothing that was acknowledged is lost")),
                cause);
    }

    static ProblemException afterwards(Problem first) {
        return ProblemException.of(
                "store.broken",
                "an earlier write failed: " + first.detail(),
                first.hint() == null ? "restart the engine" : first.hint());
    }

    static ProblemException closed() {
        return ProblemException.of("store.closed", "the store is closed", "restart the engine");
    }

    private static Problem full(Path directory) {
        return Problem.of(
                "store.full",
                "the disk under " + directory + " is full",
                "free some space and restart the engine: nothing that was acknowledged is lost");
    }

    private static boolean isFull(Throwable cause) {
        String message = cause.getMessage();
        if (message == null) {
            return false;
        }
        String lower = message.toLowerCase(Locale.ROOT);
        return lower.contains("no space left") || lower.contains("quota exceeded");
    }
}
