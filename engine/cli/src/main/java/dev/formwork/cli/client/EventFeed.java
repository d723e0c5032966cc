package dev.formwork.cli.client;

import dev.formwork.model.ProblemException;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Events as they come, over as many connections as it takes: after a break it goes on behind the
/// last event it had. One thread reads, one takes.
public final class EventFeed implements AutoCloseable {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(3);

    private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();
    private final Source source;
    private final Thread reader;
    private volatile boolean closed;
    private volatile Optional<Long> last = Optional.empty();

    /// Opens a stream of events.
    @FunctionalInterface
    interface Source {
        Connection.Stream open(Optional<Long> after) throws IOException;
    }

    /// What comes out of the feed.
    public sealed interface Signal {
        /// The stream stands: what happens from now on arrives.
        record Connected() implements Signal {}

        record Changed(RunEvent event) implements Signal {}

        /// The stream broke, and is being opened again.
        record Lost(String why) implements Signal {}

        /// The engine refuses to tell.
        record Refused(ProblemException why) implements Signal {}
    }

    EventFeed(Source source) {
        this.source = source;
        this.reader = Thread.ofPlatform().daemon().name("events").unstarted(this::read);
    }

    public EventFeed start() {
        reader.start();
        return this;
    }

    /// The next signal, or nothing where none comes in time.
    public Optional<Signal> poll(Duration patience) throws InterruptedException {
        return Optional.ofNullable(signals.poll(patience.toMillis(), TimeUnit.MILLISECONDS));
    }

    /// The reader ends by itself with the next line that comes: closing its connection from here
    /// would wait for that line as well.
    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(reader);
    }

    private void read() {
        Duration pause = FIRST_PAUSE;
        while (!closed) {
            try {
                Connection.Stream stream = source.open(last);
                signals.add(new Signal.Connected());
                pause = FIRST_PAUSE;
                events(stream);
                signals.add(new Signal.Lost("the engine ended the stream"));
            } catch (IOException e) {
                signals.add(new Signal.Lost(String.valueOf(e.getMessage())));
            } catch (ProblemException e) {
                signals.add(new Signal.Refused(e));
                return;
            }
            if (!closed) {
                LockSupport.parkNanos(pause.toNanos());
                pause = pause.multipliedBy(2);
                pause = pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
            }
        }
    }

    /// WHATWG server-sent events, as far as the engine uses them: one line of data each.
    private void events(Connection.Stream stream) throws IOException {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null && !closed; line = lines.readLine()) {
                if (line.startsWith("data:")) {
                    RunEvent event = RunEvent.of(line.substring("data:".length()).strip());
                    last = Optional.of(event.id());
                    signals.add(new Signal.Changed(event));
                }
            }
        } finally {
            if (!closed) {
                stream.leave().run();
            }
        }
    }
}
