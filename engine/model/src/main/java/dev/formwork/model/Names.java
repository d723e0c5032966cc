package dev.formwork.model;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/// The rules for names, and the nearest known name to a mistyped one.
public final class Names {
    /// Steps, groups, inputs, outputs: what an expression can say with a dot.
    public static final Pattern IDENTIFIER = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    /// Clusters, packs, profiles, machines: a DNS label (RFC 1123), because it becomes a host name.
    public static final Pattern LABEL = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

    /// Modules and interfaces: labels with slashes, such as `etcd/member`.
    public static final Pattern MODULE =
            Pattern.compile("[a-z0-9][a-z0-9-]{0,62}(/[a-z0-9][a-z0-9-]{0,62}){0,3}");

    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,127}");

    private Names() {}

    static void requireId(String value) {
        if (!ID.matcher(value).matches()) {
            throw ProblemException.of(
                    "model.bad-id", "not an id: " + abbreviate(value), "letters, digits, dashes");
        }
    }

    /// The known name nearest to `name` by edit distance, if it is near enough to be a typo of it.
    public static Optional<String> nearest(String name, Collection<String> known) {
        String typed = name.length() > 64 ? name.substring(0, 64) : name;
        int limit = Math.max(1, typed.length() / 3);
        record Candidate(String name, int distance) {}
        return known.stream()
                // What differs more in length cannot be near: names may be many, long and hostile.
                .filter(candidate -> Math.abs(candidate.length() - typed.length()) <= limit)
                .map(candidate -> new Candidate(candidate, distance(typed, candidate)))
                .filter(candidate -> candidate.distance() <= limit)
                .min(Comparator.comparingInt(Candidate::distance).thenComparing(Candidate::name))
                .map(Candidate::name);
    }

    /// At most 80 characters of hostile text, control characters replaced, for a message.
    public static String abbreviate(String text) {
        String shown = text.length() <= 80 ? text : text.substring(0, 77) + "...";
        return shown.replaceAll("\\p{Cntrl}", "?");
    }

    /// Edits between two words, where two neighbours that changed places are one.
    private static int distance(String a, String b) {
        int[] beforePrevious = new int[b.length() + 1];
        int[] previous = new int[b.length() + 1];
        int[] current = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                int edit = Math.min(previous[j], current[j - 1]) + 1;
                current[j] = Math.min(edit, previous[j - 1] + (same ? 0 : 1));
                if (i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1)) {
                    current[j] = Math.min(current[j], beforePrevious[j - 2] + 1);
                }
            }
            int[] oldest = beforePrevious;
            beforePrevious = previous;
            previous = current;
            current = oldest;
        }
        return previous[b.length()];
    }
}
