package dev.formwork.server.home;

import java.util.concurrent.CountDownLatch;

/// For a program that serves until its process is asked to end (TERM, INT).
public final class UntilStopped {
    private final CountDownLatch stopped = new CountDownLatch(1);

    private UntilStopped() {}

    /// From now on the process ends in order.
    ///
    /// @param stop what is done before it ends
    public static UntilStopped stopping(Runnable stop) {
        UntilStopped until = new UntilStopped();
        Runtime.getRuntime()
                .addShutdownHook(
                        Thread.ofPlatform()
                                .name("stop")
                                .unstarted(() -> {
                                    stop.run();
                                    until.stopped.countDown();
                                }));
        return until;
    }

    /// Returns when it was asked to end, and has stopped.
    public void await() throws InterruptedException {
        stopped.await();
    }
}
