package dev.formwork.agent.transport;

import dev.formwork.agent.pace.Backoff;
import dev.formwork.agent.pace.Signal;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;

/// Calls the engine until it answers. Writes one line when it stops answering and one when it
/// answers again, whoever calls. Thread-safe.
public final class Contact {
    private static final System.Logger LOG = System.getLogger(Contact.class.getName());

    private final RandomGenerator random;
    private final AtomicBoolean lost = new AtomicBoolean();

    /// @param random for the jitter; thread-safe
    public Contact(RandomGenerator random) {
        this.random = random;
    }

    /// One call to the engine.
    public interface Call<T> {
        T make() throws EngineUnreachableException, EngineRefusalException, IOException;
    }

    /// A backoff of its own for a caller with a loop of its own.
    public Backoff backoff() {
        return Backoff.forEngine(random);
    }

    /// A backoff for a caller that the engine answers, with nothing new.
    public Backoff briefBackoff() {
        return new Backoff(Duration.ofMillis(40), Duration.ofSeconds(1), random);
    }

    /// Repeats a call with growing waits until there is an answer.
    ///
    /// @param wake cuts a wait short
    /// @param unwanted asked before each try
    /// @throws UnwantedException when nobody wants an answer any more
    /// @throws IOException from the call, but for [EngineUnreachableException]
    public <T> T untilAnswered(Call<T> call, Signal wake, BooleanSupplier unwanted)
            throws IOException, UnwantedException, InterruptedException {
        Backoff backoff = backoff();
        while (true) {
            if (unwanted.getAsBoolean()) {
                throw new UnwantedException();
            }
            try {
                T answer = call.make();
                answered();
                return answer;
            } catch (EngineRefusalException e) {
                answered();
                if (!e.isUnauthorised()) {
                    throw e;
                }
                // Whoever polls registers again.
                wake.await(backoff.next());
            } catch (EngineUnreachableException e) {
                unanswered(e);
                wake.await(backoff.next());
            }
        }
    }

    /// To be told of answers got elsewhere.
    public void answered() {
        if (lost.compareAndSet(true, false)) {
            LOG.log(Level.INFO, "the engine answers again");
        }
    }

    /// To be told of failures met elsewhere.
    public void unanswered(EngineUnreachableException failure) {
        if (lost.compareAndSet(false, true)) {
            LOG.log(
                    Level.WARNING,
                    "the engine does not answer ({0}); trying until it does",
                    failure.getMessage());
        }
    }
}
