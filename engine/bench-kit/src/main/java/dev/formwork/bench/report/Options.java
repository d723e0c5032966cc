package dev.formwork.bench.report;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// How every `bench/run` is called: `NAME [--json] [--quick] [--directory DIR]`, and with sizes
/// that some benchmarks take.
///
/// @param directory where a benchmark makes a directory of its own, and deletes it again
/// @param sizes those that were given, by their options: `--machines`
public record Options(
        String name, boolean json, boolean quick, Path directory, Map<String, Integer> sizes) {
    private static final String SIZE = "[1-9][0-9]{0,5}";

    public Options {
        sizes = Map.copyOf(sizes);
    }

    /// Empty where they are not as they should be: whoever asked says how they are.
    public static Optional<Options> parse(List<String> given) {
        return parse(given, Set.of());
    }

    /// The same, for benchmarks that take sizes: each a number from 1 to 999,999.
    ///
    /// @param known their options
    public static Optional<Options> parse(List<String> given, Set<String> known) {
        boolean json = false;
        boolean quick = false;
        Optional<String> name = Optional.empty();
        Path directory = Path.of(System.getProperty("java.io.tmpdir"));
        Map<String, Integer> sizes = new HashMap<>();
        for (int i = 0; i < given.size(); i++) {
            String option = given.get(i);
            switch (option) {
                case "--json" -> json = true;
                case "--quick" -> quick = true;
                case "--directory" -> {
                    i++;
                    if (i == given.size()) {
                        return Optional.empty();
                    }
                    directory = Path.of(given.get(i));
                }
                case String size when known.contains(size) -> {
                    i++;
                    if (i == given.size() || !given.get(i).matches(SIZE)) {
                        return Optional.empty();
                    }
                    sizes.put(size, Integer.valueOf(given.get(i)));
                }
                default -> {
                    if (name.isPresent() || option.startsWith("-")) {
                        return Optional.empty();
                    }
                    name = Optional.of(option);
                }
            }
        }
        boolean isJson = json;
        boolean isQuick = quick;
        Path chosen = directory;
        return name.map(each -> new Options(each, isJson, isQuick, chosen, sizes));
    }

    /// Prints a report as it is wanted.
    public void print(Report report) {
        System.out.println(json ? Documents.json(report) : report.text());
    }
}
