package dev.formwork.provider;

import dev.formwork.model.Names;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Chooses machines that stand and have names, groups and labels: what a group's `spec` says of
/// them.
public final class Selection {
    private Selection() {}

    /// Those that a spec chooses, by their names, `group` and `labels`: all of these must agree;
    /// where none is there, every one does. Ends the reading of the spec.
    ///
    /// @param kind what one of them is called, such as `host`; the names are at the key `hosts`
    /// @param known by name
    /// @param hint where to look, when no name is near
    /// @throws dev.formwork.model.ProblemException `provider.invalid-spec` with all that is wrong
    public static <T> List<T> of(
            Settings spec,
            String kind,
            Map<String, T> known,
            Function<T, Set<String>> groupsOf,
            Function<T, Map<String, String>> labelsOf,
            String hint) {
        String key = kind + "s";
        List<String> names = spec.texts(key, List.of());
        Optional<String> group = spec.text("group");
        Map<String, String> labels = spec.labels("labels");
        for (String name : names) {
            if (!known.containsKey(name)) {
                spec.refuse(
                        key,
                        "there is no %s %s".formatted(kind, Names.abbreviate(name)),
                        near(name, known.keySet(), hint));
            }
        }
        Set<String> groups =
                known.values().stream()
                        .flatMap(each -> groupsOf.apply(each).stream())
                        .collect(Collectors.toSet());
        group.filter(name -> !groups.contains(name))
                .ifPresent(name ->
                        spec.refuse(
                                "group",
                                "there is no group " + Names.abbreviate(name),
                                near(name, groups, hint)));
        spec.finish();
        return known.entrySet().stream()
                .filter(each -> names.isEmpty() || names.contains(each.getKey()))
                .map(Map.Entry::getValue)
                .filter(each -> group.isEmpty() || groupsOf.apply(each).contains(group.get()))
                .filter(each -> labelsOf.apply(each).entrySet().containsAll(labels.entrySet()))
                .toList();
    }

    private static String near(String name, Collection<String> known, String hint) {
        return Names.nearest(name, known).map("did you mean %s?"::formatted).orElse(hint);
    }
}
