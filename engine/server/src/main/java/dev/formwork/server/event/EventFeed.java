package dev.formwork.server.event;

import dev.formwork.model.RunId;
import dev.formwork.server.api.ApiJson;
import dev.formwork.server.retention.EventHorizon;
import dev.formwork.server.watch.Bell;
import dev.formwork.workflow.store.Event;
import dev.formwork.workflow.store.Store;

import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Events from the store in the form of WHATWG's server-sent events: those after an id, then those
/// that come, then a comment now and then so that a dead peer is noticed. One virtual thread for
/// each subscriber; it reads no faster than its subscriber does.
final class EventFeed implements Publisher<byte[]> {
    private static final int PAGE = 256;
    private static final byte[] COMMENT = ": still here\n\n".getBytes(StandardCharsets.UTF_8);

    private final Store store;
    private final EventHorizon horizon;
    private final Bell bell;
    private final long after;
    private final Optional<RunId> run;
    private final Duration pause;

    /// @param pause between comments
    EventFeed(
            Store store,
            EventHorizon horizon,
            Bell bell,
            long after,
            Optional<RunId> run,
            Duration pause) {
        this.store = store;
        this.horizon = horizon;
        this.bell = bell;
        this.after = after;
        this.run = run;
        this.pause = pause;
    }

    @Override
    public void subscribe(Subscriber<? super byte[]> subscriber) {
        Feeder feeder = new Feeder(subscriber);
        feeder.thread = Thread.ofVirtual().name("events").unstarted(feeder);
        subscriber.onSubscribe(feeder);
        feeder.thread.start();
    }

    private final class Feeder implements Runnable, Subscription {
        private final Subscriber<? super byte[]> subscriber;
        private final Semaphore demand = new Semaphore(0);
        private volatile boolean cancelled;
        private Thread thread = Thread.currentThread();

        Feeder(Subscriber<? super byte[]> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void request(long n) {
            long room = (long) Integer.MAX_VALUE / 2 - demand.availablePermits();
            demand.release((int) Math.max(0, Math.min(n, room)));
        }

        @Override
        public void cancel() {
            cancelled = true;
            thread.interrupt();
        }

        @Override
        public void run() {
            try {
                feed();
            } catch (InterruptedException _) {
                // Cancelled: nobody listens any more.
            } catch (RuntimeException e) {
                if (!cancelled) {
                    subscriber.onError(e);
                }
            }
        }

        private void feed() throws InterruptedException {
            long seen = after;
            send(COMMENT);
            while (!cancelled) {
                CompletableFuture<Void> more = bell.next();
                // Only what is looked for among others' events would be looked for there again.
                long end = run.isPresent() ? store.lastEvent() : seen;
                List<Event> events = page(seen);
                if (run.isPresent() || (!events.isEmpty() && events.getFirst().id() > seen + 1)) {
                    // A reader so slow that what it had not read is gone.
                    horizon.require(seen);
                }
                for (Event event : events) {
                    seen = event.id();
                    send(encode(event));
                }
                if (events.size() < PAGE) {
                    seen = Math.max(seen, end);
                }
                if (events.isEmpty() && !rings(more)) {
                    send(COMMENT);
                }
            }
        }

        private List<Event> page(long seen) {
            return run.map(id -> store.events(id, seen, PAGE))
                    .orElseGet(() -> store.events(seen, PAGE));
        }

        private boolean rings(CompletableFuture<Void> more) throws InterruptedException {
            try {
                more.get(pause.toMillis(), TimeUnit.MILLISECONDS);
                return true;
            } catch (TimeoutException _) {
                return false;
            } catch (ExecutionException e) {
                throw new IllegalStateException("a bell does not fail", e);
            }
        }

        private void send(byte[] bytes) throws InterruptedException {
            demand.acquire();
            if (!cancelled) {
                subscriber.onNext(bytes);
            }
        }
    }

    /// JSON has no line breaks of its own, so `data` is one line; types are ours, not hostile.
    private static byte[] encode(Event event) {
        String json = new String(ApiJson.write(EventView.of(event)), StandardCharsets.UTF_8);
        return ("id: " + event.id() + "\nevent: " + event.type() + "\ndata: " + json + "\n\n")
                .getBytes(StandardCharsets.UTF_8);
    }
}
