package dev.formwork.cli.watch;

import dev.formwork.cli.client.EngineClient;
import dev.formwork.cli.client.EventFeed;
import dev.formwork.cli.client.Run;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/// Waits for a run to end, and shows nothing.
public final class RunEnd {
    private static final Duration LOOK = Duration.ofSeconds(2);

    private RunEnd() {}

    /// @return the run, ended; or as it is where the time is over or it asks a person
    public static Run await(EngineClient engine, String id, Duration patience, Clock clock)
            throws InterruptedException {
        EngineClient client = engine.waiting(RunWatch.LOST_FOR_GOOD);
        Instant deadline = clock.instant().plus(patience);
        try (EventFeed feed = client.watch(id).start()) {
            Run run = client.run(id);
            while (!run.ended()
                    && run.questions().isEmpty()
                    && clock.instant().isBefore(deadline)) {
                Instant look = clock.instant().plus(LOOK);
                boolean over = false;
                while (!over && clock.instant().isBefore(look)) {
                    over =
                            feed.poll(LOOK)
                                    .filter(signal ->
                                            signal instanceof EventFeed.Signal.Changed(var event)
                                                    && event.type().equals("run.ended"))
                                    .isPresent();
                }
                run = client.run(id);
            }
            return run;
        }
    }
}
