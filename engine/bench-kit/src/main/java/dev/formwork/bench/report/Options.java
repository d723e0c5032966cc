package dev.formwork.bench.report;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// How every `bench/run` is called: `NAME [--json] [--quick] [--directory DIR]`.
///
/// @param directory where a benchmark makes a directory of its own, and deletes it again
public record Options(String name, boolean json, boolean quick, Path directory) {
    /// Empty where they are not as they should be: whoever asked says how they are.
    public static Optional<Options> parse(List<String> given) {
        boolean json = false;
        boolean quick = false;
        Optional<String> name = Optional.empty();
        Path directory = Path.of(System.getProperty("java.io.tmpdir"));
        for (int i = 0; i < given.size(); i++) {
            switch (given.get(i)) {
                case "--json" -> json = true;
                case "--quick" -> quick = true;
                case "--directory" -> {
                    i++;
                    if (i == given.size()) {
                        return Optional.empty();
                    }
                    directory = Path.of(given.get(i));
                }
                default -> {
                    if (name.isPresent() || given.get(i).startsWith("-")) {
                        return Optional.empty();
                    }
                    name = Optional.of(given.get(i));
                }
            }
        }
        boolean isJson = json;
        boolean isQuick = quick;
        Path chosen = directory;
        return name.map(each -> new Options(each, isJson, isQuick, chosen));
    }

    /// Prints a report as it is wanted.
    public void print(Report report) {
        System.out.println(json ? Documents.json(report) : report.text());
    }
}
