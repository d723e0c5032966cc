package dev.formwork.provider;

import dev.formwork.model.ProblemException;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/// Calls a place again where that may help: while it fails with a transient [ProviderCode], a few
/// times, with pauses that grow and are drawn by lot.
///
/// The n-th pause is anything from nothing to `0.5 s * 2^n`, at most 20 s: "full jitter", by which
/// those who were refused together do not come back together. (Marc Brooker, "Exponential Backoff
/// And Jitter", AWS Architecture Blog, 2015.) Where the place says when to ask again, it is that
/// time and the pause. An SDK's own retries are to be switched off: two layers multiply.
///
/// Whatever is called has to be harmless to repeat: its answer may have been lost. Thread-safe.
public final class Retries {
    /// How often a call is made, at most.
    public static final int ATTEMPTS = 6;

    private static final Duration FIRST = Duration.ofMillis(500);
    private static final Duration LONGEST = Duration.ofSeconds(20);

    /// Who asks for more than this is left to the engine, which asks again later.
    private static final Duration MOST_ASKED = Duration.ofMinutes(1);

    private final RandomGenerator random;
    private final Pause pause;

    public Retries(RandomGenerator random, Pause pause) {
        this.random = random;
        this.pause = pause;
    }

    /// Waits in real time.
    public Retries(ProviderContext context) {
        this(context.random(), Pause.REAL);
    }

    /// The call's answer.
    ///
    /// @throws ProblemException the call's: at once where it is not transient, or the last one; or
    ///   `provider.interrupted`
    public <T> T call(Supplier<T> call) {
        for (int made = 1; ; made++) {
            ProblemException problem;
            Duration asked = Duration.ZERO;
            try {
                requireNotInterrupted();
                return call.get();
            } catch (AskLater later) {
                problem = later.problem();
                asked = later.after();
            } catch (ProblemException failed) {
                problem = failed;
            }
            if (made == ATTEMPTS
                    || !ProviderCode.isTransient(problem)
                    || problem.code().equals(ProviderCode.INTERRUPTED.code())
                    || asked.compareTo(MOST_ASKED) > 0) {
                throw problem;
            }
            rest(asked.plus(backoff(made - 1)));
        }
    }

    /// As [#call], for a call without an answer.
    public void run(Runnable call) {
        call(() -> {
            call.run();
            return true;
        });
    }

    /// Looks until there is something to see.
    ///
    /// @param what that is waited for, for people: "instance i-1 is gone"
    /// @param most the sum of all pauses; what the looks themselves take comes on top
    /// @param look as [#call] makes it
    /// @throws ProblemException the look's, or `provider.timeout`, or `provider.interrupted`
    public <T> T await(String what, Duration most, Supplier<Optional<T>> look) {
        Duration waited = Duration.ZERO;
        for (int looks = 0; ; looks++) {
            Optional<T> seen = call(look);
            if (seen.isPresent()) {
                return seen.get();
            }
            if (waited.compareTo(most) >= 0) {
                throw ProviderCode.TIMEOUT.problem(
                        "waited %d s in vain until %s".formatted(most.toSeconds(), what),
                        "it may still come; ask again");
            }
            // Half of it is certain: who waits for something need not be as shy as who was refused.
            Duration half = ceiling(looks).dividedBy(2);
            Duration next = half.plus(drawn(half));
            Duration left = most.minus(waited);
            next = next.compareTo(left) < 0 ? next : left;
            rest(next);
            waited = waited.plus(next);
        }
    }

    private Duration backoff(int failures) {
        return drawn(ceiling(failures));
    }

    private static Duration ceiling(int times) {
        Duration grown = FIRST.multipliedBy(1L << Math.min(times, 10));
        return grown.compareTo(LONGEST) < 0 ? grown : LONGEST;
    }

    private Duration drawn(Duration most) {
        return Duration.ofMillis(random.nextLong(most.toMillis() + 1));
    }

    private void rest(Duration time) {
        try {
            pause.last(time);
        } catch (InterruptedException cancelled) {
            Thread.currentThread().interrupt();
        }
        requireNotInterrupted();
    }

    private static void requireNotInterrupted() {
        if (Thread.currentThread().isInterrupted()) {
            throw ProviderCode.INTERRUPTED.problem(
                    "the operation was interrupted", "repeat it to go on");
        }
    }
}
