package dev.formwork.provider.redfish;

import java.time.Duration;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/// Does something after a while, if the provider is open then.
interface Later extends AutoCloseable {
    void run(Duration after, Runnable work);

    /// What has not begun is not done.
    @Override
    void close();

    /// On one thread of its own, which starts when it is needed.
    static Later onAThread(String provider) {
        ScheduledThreadPoolExecutor thread =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofVirtual().name("later-" + provider).factory());
        return new Later() {
            @Override
            public void run(Duration after, Runnable work) {
                ScheduledFuture<?> _ =
                        thread.schedule(work, after.toMillis(), TimeUnit.MILLISECONDS);
            }

            @Override
            public void close() {
                thread.shutdownNow();
            }
        };
    }
}
