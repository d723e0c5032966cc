package dev.formwork.server.boot;

import dev.formwork.model.hardware.Hardware;

import java.time.Instant;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Why machines were refused last, so that one which is refused until it is in a loop is told why,
/// and not only that. Bounded, as anybody on a boot network can be refused under any address.
/// Thread-safe.
final class Refusals {
    static final int MOST = 1024;

    /// The oldest first.
    private final Map<String, Refused> byName = new LinkedHashMap<>();

    private record Refused(String words, Instant at) {}

    /// @param words code and reason
    void note(Hardware machine, String words, Instant now) {
        names(machine).forEach(name -> note(name, words, now));
    }

    /// @param name of a card, or whatever else it is recognised by
    synchronized void note(String name, String words, Instant now) {
        byName.remove(name);
        byName.put(name, new Refused(words, now));
        Iterator<String> oldest = byName.keySet().iterator();
        while (byName.size() > MOST) {
            oldest.next();
            oldest.remove();
        }
    }

    /// It is refused no more.
    synchronized void forget(Hardware machine) {
        byName.keySet().removeAll(names(machine));
    }

    /// Code and reason of the newest, if it is as new as the boots that count for a loop.
    synchronized Optional<String> last(Hardware machine, Instant now) {
        return names(machine).stream()
                .map(name -> Optional.ofNullable(byName.get(name)))
                .flatMap(Optional::stream)
                .filter(each -> each.at().plus(Loops.WINDOW).isAfter(now))
                .max(Comparator.comparing(Refused::at))
                .map(Refused::words);
    }

    private static List<String> names(Hardware machine) {
        return Stream.of(
                        machine.macs().stream(),
                        machine.uuid().stream(),
                        machine.cloudId().stream())
                .flatMap(each -> each)
                .toList();
    }
}
