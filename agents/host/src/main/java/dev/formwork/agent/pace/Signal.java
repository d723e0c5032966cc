package dev.formwork.agent.pace;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A wait that anybody can cut short. One raise ends one wait, also one that begins later.
/// Thread-safe.
public final class Signal {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition raisedCondition = lock.newCondition();
    private boolean raised;

    /// Ends the current wait, or the next.
    public void raise() {
        lock.lock();
        try {
            raised = true;
            raisedCondition.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until the signal is raised, at most so long, and lowers it.
    public void await(Duration longest) throws InterruptedException {
        lock.lock();
        try {
            long nanos = longest.toNanos();
            while (!raised && nanos > 0) {
                nanos = raisedCondition.awaitNanos(nanos);
            }
            raised = false;
        } finally {
            lock.unlock();
        }
    }
}
