package dev.formwork.boot.thread;

/// What is done to threads.
public final class Threads {
    private Threads() {}

    /// Waits until a thread has ended, also where the caller is interrupted, which it still is
    /// afterwards.
    public static void join(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
