package dev.formwork.provider.tck;

import dev.formwork.provider.Pause;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Pauses that take no time and are written down. Thread-safe.
public final class RecordedPauses implements Pause {
    private final List<Duration> taken = new ArrayList<>();

    @Override
    public synchronized void last(Duration time) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        taken.add(time);
    }

    /// Those since the last call of this.
    synchronized List<Duration> take() {
        List<Duration> all = List.copyOf(taken);
        taken.clear();
        return all;
    }
}
