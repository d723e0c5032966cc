package dev.formwork.provider.aws.server;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// The parameters of one action, as a form. Reading one makes it known; [#finish] refuses the rest.
final class Parameters {
    private final Map<String, String> all;
    private final Set<String> known = new HashSet<>(Set.of("Action", "Version"));

    private Parameters(Map<String, String> all) {
        this.all = all;
    }

    static Parameters of(String form) {
        Map<String, String> all = new TreeMap<>();
        for (String pair : form.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 0
                    || all.put(decoded(pair, 0, equals), decoded(pair, equals + 1)) != null) {
                throw new Refusal("MalformedQueryString", "not a form, or a name twice: " + pair);
            }
        }
        return new Parameters(all);
    }

    private static String decoded(String text, int from) {
        return decoded(text, from, text.length());
    }

    private static String decoded(String text, int from, int to) {
        return URLDecoder.decode(text.substring(from, to), StandardCharsets.UTF_8);
    }

    Map<String, String> all() {
        return all;
    }

    Optional<String> text(String name) {
        known.add(name);
        return Optional.ofNullable(all.get(name));
    }

    String required(String name) {
        return text(name)
                .orElseThrow(() ->
                        new Refusal(
                                "MissingParameter",
                                "The request must contain the parameter " + name));
    }

    String oneOf(String name, String fallback, String... others) {
        String value = text(name).orElse(fallback);
        if (!value.equals(fallback) && !List.of(others).contains(value)) {
            throw wrong(name, value);
        }
        return value;
    }

    boolean flag(String name, boolean fallback) {
        return Boolean.parseBoolean(oneOf(name, String.valueOf(fallback), "true", "false"));
    }

    int integer(String name, int fallback, int least, int most) {
        String value = text(name).orElse(String.valueOf(fallback));
        if (!value.matches("\\d{1,9}")
                || Integer.parseInt(value) < least
                || Integer.parseInt(value) > most) {
            throw wrong(name, value);
        }
        return Integer.parseInt(value);
    }

    private static Refusal wrong(String name, String value) {
        return new Refusal(
                "InvalidParameterValue",
                "Value (%s) for parameter %s is invalid.".formatted(value, name));
    }

    /// The values of `name.1`, `name.2` and so on.
    List<String> list(String name) {
        List<String> values = new ArrayList<>();
        for (String each : items(name)) {
            values.add(required(each));
        }
        return values;
    }

    /// `name.1`, `name.2` and so on, for as long as there is anything below them.
    List<String> items(String name) {
        List<String> items = new ArrayList<>();
        for (int n = 1; has(name + "." + n); n++) {
            items.add(name + "." + n);
        }
        return items;
    }

    private boolean has(String name) {
        return all.keySet().stream()
                .anyMatch(each -> each.equals(name) || each.startsWith(name + "."));
    }

    /// Filters by their names: an item has to fit one value of each.
    Map<String, List<String>> filters() {
        Map<String, List<String>> filters = new TreeMap<>();
        for (String each : items("Filter")) {
            filters.put(required(each + ".Name"), list(each + ".Value"));
        }
        return filters;
    }

    void finish() {
        for (String name : all.keySet()) {
            if (!known.contains(name)) {
                throw new Refusal(
                        "UnknownParameter", "The parameter %s is not recognized".formatted(name));
            }
        }
    }
}
