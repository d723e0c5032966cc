package dev.formwork.provider.openstack;

import dev.formwork.provider.ProviderCode;

import org.jspecify.annotations.Nullable;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// A look at much that many want at once: each sees what was there after it had asked, and those
/// who ask while somebody looks share the next look. So a thousand machines that are made at once
/// do not make a thousand lists of a thousand ports. Thread-safe.
final class SharedLook<T> {
    private final Supplier<T> look;
    private final ReentrantLock looking = new ReentrantLock();

    /// Who asks now is part of this. Guarded by this.
    private @Nullable Turn<T> next;

    SharedLook(Supplier<T> look) {
        this.look = look;
    }

    /// One look, for all who wait for it. What changes is guarded by `looking`.
    private static final class Turn<T> {
        private @Nullable T seen;
    }

    /// @throws dev.formwork.model.ProblemException what the look throws, of one's own look only;
    ///   `provider.interrupted`
    T see() {
        Turn<T> turn = join();
        try {
            looking.lockInterruptibly();
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
            throw ProviderCode.INTERRUPTED.problem(
                    "the operation was interrupted", "repeat it to go on", cancelled);
        }
        try {
            T seen = turn.seen;
            if (seen == null) {
                begin(turn);
                seen = look.get();
                turn.seen = seen;
            }
            return seen;
        } finally {
            looking.unlock();
        }
    }

    /// How many wait for a look that another makes.
    int waiting() {
        return looking.getQueueLength();
    }

    private synchronized Turn<T> join() {
        Turn<T> turn = next;
        if (turn == null) {
            turn = new Turn<>();
            next = turn;
        }
        return turn;
    }

    /// Who asks from now on is too late for it.
    @SuppressWarnings("ReferenceEquality")
    private synchronized void begin(Turn<T> turn) {
        if (next == turn) {
            next = null;
        }
    }
}
