package dev.formwork.store;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;

import java.sql.SQLException;
import java.util.List;
import java.util.Locale;

/// Says what went wrong in the words of [dev.formwork.workflow.store.Store].
final class StoreFailure {
    /// SQLSTATE `disk_full`.
    private static final String DISK_FULL = "53100";

    private StoreFailure() {}

    /// @param full what is said where the disk is full
    /// @param what failed otherwise, and `hint` what to do then
    static ProblemException of(Throwable cause, Problem full, String what, String hint) {
        if (cause instanceof ProblemException problem) {
            return problem;
        }
        for (Throwable each = cause; each != null; each = each.getCause()) {
            if (each instanceof ProblemException problem) {
                return problem;
            }
            if (isFull(each)) {
                return new ProblemException(List.of(full), cause);
            }
        }
        return new ProblemException(
                List.of(Problem.of("store.broken", what + " failed: " + cause.getMessage(), hint)),
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

    private static boolean isFull(Throwable cause) {
        if (cause instanceof SQLException sql && DISK_FULL.equals(sql.getSQLState())) {
            return true;
        }
        String message = cause.getMessage();
        if (message == null) {
            return false;
        }
        String lower = message.toLowerCase(Locale.ROOT);
        return lower.contains("no space left") || lower.contains("quota exceeded");
    }
}
