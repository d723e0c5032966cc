package dev.formwork.cli.client;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;

/// Which of several engines calls go to: always the same one, until somebody leaves it.
/// Thread-safe.
final class Turns {
    private final List<URI> engines;
    private final AtomicReference<URI> current;

    /// @param engines at least one, none twice
    Turns(List<URI> engines) {
        this.engines = List.copyOf(engines);
        this.current = new AtomicReference<>(engines.getFirst());
    }

    URI current() {
        return current.get();
    }

    boolean isAlone() {
        return engines.size() == 1;
    }

    /// All of them, from the current one.
    List<URI> round() {
        int first = engines.indexOf(current.get());
        List<URI> round = new ArrayList<>(engines.subList(first, engines.size()));
        round.addAll(engines.subList(0, first));
        return round;
    }

    /// Goes on to the next, unless somebody else did.
    void leave(URI engine) {
        int next = (engines.indexOf(engine) + 1) % engines.size();
        current.compareAndSet(engine, engines.get(next));
    }

    /// Goes to the next that is fit, if one is. Asks nothing where there is no choice.
    void toOneThat(Predicate<URI> fit) {
        if (!isAlone()) {
            round().stream().filter(fit).findFirst().ifPresent(current::set);
        }
    }
}
