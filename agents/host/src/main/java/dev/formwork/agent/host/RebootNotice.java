package dev.formwork.agent.host;

/// Tells a thread, once, by interrupting it, that the host was booted anew. Who hears of that only
/// after the thread has gone on tells nobody. Thread-safe.
public final class RebootNotice {
    private final Thread worker;
    private boolean given;
    private boolean closed;

    /// @param worker that is told
    public RebootNotice(Thread worker) {
        this.worker = worker;
    }

    public synchronized void give() {
        if (!given && !closed) {
            given = true;
            worker.interrupt();
        }
    }

    /// From now on the thread is not disturbed. To be called by it; it is not interrupted any more
    /// if it was by this.
    ///
    /// @return whether it was told
    public synchronized boolean close() {
        if (given && !closed) {
            boolean _ = Thread.interrupted();
        }
        closed = true;
        return given;
    }
}
