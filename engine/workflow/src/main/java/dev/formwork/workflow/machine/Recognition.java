package dev.formwork.workflow.machine;

import dev.formwork.model.hardware.Hardware;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Which machine it is that boots, by what it says of itself.
///
/// Machines are never merged on weak evidence: there must be two things that agree, or one network
/// card and nothing that contradicts. What agrees in part is [Unclear], and a person decides.
public sealed interface Recognition<T> {
    /// It is that one.
    ///
    /// @param score how sure that is: [#UUID], [#CLOUD], [#SERIAL] and [#CARD] for each thing that
    ///   agrees
    record Known<T>(T machine, int score) implements Recognition<T> {}

    /// Nobody has any of that.
    record Unknown<T>() implements Recognition<T> {}

    /// @param reason in words
    record Unclear<T>(String reason) implements Recognition<T> {}

    int UUID = 100;
    int CLOUD = 100;
    int SERIAL = 60;
    int CARD = 50;

    /// @param hardware how each of them is recognised
    /// @param name what people call it
    static <T> Recognition<T> of(
            Hardware asked,
            Collection<T> machines,
            Function<T, Hardware> hardware,
            Function<T, String> name) {
        List<Match<T>> matches = new ArrayList<>();
        for (T machine : machines) {
            Match<T> match = Match.of(asked, hardware.apply(machine), machine);
            if (match.score > 0) {
                matches.add(match);
            }
        }
        List<Match<T>> sure = matches.stream().filter(match -> match.isSure).toList();
        if (matches.isEmpty()) {
            return new Unknown<>();
        }
        if (sure.isEmpty()) {
            Match<T> nearest = matches.stream().max(Comparator.comparingInt(m -> m.score)).get();
            return new Unclear<>(
                    "it has something of "
                            + name.apply(nearest.machine)
                            + ", but "
                            + nearest.objection);
        }
        int best = sure.stream().mapToInt(match -> match.score).max().orElse(0);
        List<Match<T>> first = sure.stream().filter(match -> match.score == best).toList();
        if (first.size() > 1) {
            return new Unclear<>(
                    "it is as much like "
                            + first.stream()
                                    .map(match -> name.apply(match.machine))
                                    .sorted()
                                    .collect(Collectors.joining(" as like ")));
        }
        return new Known<>(first.getFirst().machine, best);
    }

    /// How one machine agrees with what was said.
    ///
    /// @param objection why it is not sure
    record Match<T>(T machine, int score, boolean isSure, String objection) {
        static <T> Match<T> of(Hardware asked, Hardware known, T machine) {
            boolean sameUuid = same(asked.uuid(), known.uuid());
            boolean sameSerial = same(asked.serial(), known.serial());
            int cards = (int) asked.macs().stream().filter(known.macs()::contains).count();
            boolean sameCloud = same(asked.cloudId(), known.cloudId());
            int score =
                    (sameUuid ? UUID : 0)
                            + (sameCloud ? CLOUD : 0)
                            + (sameSerial ? SERIAL : 0)
                            + cards * CARD;
            boolean otherCards = cards == 0 && !asked.macs().isEmpty() && !known.macs().isEmpty();
            boolean otherUuid = differ(asked.uuid(), known.uuid());
            boolean otherCloud = differ(asked.cloudId(), known.cloudId());
            boolean otherSerial = differ(asked.serial(), known.serial());
            if ((sameUuid && otherCloud) || (sameCloud && otherUuid)) {
                return new Match<>(
                        machine,
                        score,
                        false,
                        (otherCloud ? "another cloud id" : "another SMBIOS UUID")
                                + ": one of the two is wrong, or was copied");
            }
            if (sameUuid || sameCloud) {
                // Boards are sold with one UUID for all of them; nothing proves a cloud id.
                boolean isSure = !otherCards || sameSerial || (sameUuid && sameCloud);
                return new Match<>(
                        machine, score, isSure, "all network cards are others, and the serial");
            }
            if (cards > 0) {
                return new Match<>(
                        machine,
                        score,
                        !otherUuid && !otherCloud && !otherSerial,
                        objection(otherUuid, otherCloud)
                                + ": two have one MAC address, or its board was replaced");
            }
            // Serial numbers are one maker's: alone they say nothing.
            return new Match<>(machine, 0, false, "only the serial number agrees");
        }

        private static String objection(boolean otherUuid, boolean otherCloud) {
            if (otherUuid) {
                return "another SMBIOS UUID";
            }
            return otherCloud ? "another cloud id" : "another serial number";
        }

        private static boolean same(Optional<String> a, Optional<String> b) {
            return a.isPresent() && a.equals(b);
        }

        private static boolean differ(Optional<String> a, Optional<String> b) {
            return a.isPresent() && b.isPresent() && !a.equals(b);
        }
    }
}
