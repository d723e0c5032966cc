package dev.formwork.cli.client;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Which of several engines calls go to: always the same one, until somebody leaves it.
/// Thread-safe.
final class Turns {
    private List<URI> engines;
    private URI current;

    /// @param engines at least one, none twice
    Turns(List<URI> engines) {
        this.engines = List.copyOf(engines);
        this.current = engines.getFirst();
    }

    synchronized URI current() {
        return current;
    }

    /// All of them, from the current one.
    synchronized List<URI> round() {
        int first = engines.indexOf(current);
        List<URI> round = new ArrayList<>(engines.subList(first, engines.size()));
        round.addAll(engines.subList(0, first));
        return round;
    }

    /// Goes on to the next, unless somebody else did.
    synchronized void leave(URI engine) {
        if (current.equals(engine)) {
            current = engines.get((engines.indexOf(engine) + 1) % engines.size());
        }
    }

    /// Goes to the next that is fit, if one is. Asks nothing where there is no choice.
    void toOneThat(Predicate<URI> fit) {
        List<URI> round = round();
        if (round.size() > 1) {
            round.stream().filter(fit).findFirst().ifPresent(this::goTo);
        }
    }

    private synchronized void goTo(URI engine) {
        if (engines.contains(engine)) {
            current = engine;
        }
    }

    /// These are the engines from now on.
    synchronized void become(List<URI> next) {
        engines = List.copyOf(next);
        if (!engines.contains(current)) {
            current = engines.getFirst();
        }
    }
}
