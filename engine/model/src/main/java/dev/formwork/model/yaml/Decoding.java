package dev.formwork.model.yaml;

import dev.formwork.model.Location;
import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.module.InputSpec;
import dev.formwork.model.value.Value;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;

/// The decoding of one file: collects its problems and turns nodes into plain types. A method that
/// cannot decode reports and answers a harmless stand-in, so that the rest is looked at too;
/// whoever began the decoding calls [#finish] before the result is used.
final class Decoding {
    private static final int MAX_PROBLEMS = 100;

    private final String file;
    private final List<Problem> problems = new ArrayList<>();

    Decoding(String file) {
        this.file = file;
    }

    String file() {
        return file;
    }

    Location start() {
        return new Location(file, 1, 1);
    }

    void report(Location at, String code, String detail, @Nullable String hint) {
        if (problems.size() < MAX_PROBLEMS) {
            problems.add(Problem.at(at, code, detail, hint));
        } else if (problems.size() == MAX_PROBLEMS) {
            String more = "more than " + MAX_PROBLEMS + " problems; the rest is not shown";
            problems.add(Problem.at(at, "yaml.too-many-problems", more, null));
        }
    }

    /// @throws ProblemException with all that was found, in the order of the file
    void finish() {
        if (!problems.isEmpty()) {
            throw new ProblemException(problems.stream().sorted(BY_PLACE).toList());
        }
    }

    private static final Comparator<Problem> BY_PLACE =
            Comparator.comparingInt((Problem problem) -> line(problem.location()))
                    .thenComparingInt(problem -> column(problem.location()));

    private static int line(@Nullable Location at) {
        return at == null ? 0 : at.line();
    }

    private static int column(@Nullable Location at) {
        return at == null ? 0 : at.column();
    }

    void wrongType(Marked node, String wanted) {
        wrongType(node, wanted, node.kind().equals("nothing") ? "leave the key out" : null);
    }

    void wrongType(Marked node, String wanted, @Nullable String hint) {
        String detail = "here stands " + node.kind() + ", but it has to be " + wanted;
        report(node.at(), "yaml.wrong-type", detail, hint);
    }

    void badValue(Marked node, String detail, @Nullable String hint) {
        report(node.at(), "yaml.bad-value", detail, hint);
    }

    String text(Marked node) {
        if (node instanceof Marked.Scalar scalar) {
            switch (scalar.value()) {
                case Value.Text(String text) -> {
                    return text;
                }
                case Value.Bool _, Value.Int _, Value.Real _ -> {
                    String quoted = "quote it: '" + Names.abbreviate(scalar.written()) + "'";
                    wrongType(node, "a text", quoted);
                    return "";
                }
                case Value.Null _, Value.Sequence _, Value.Struct _, Value.Secret _ -> {}
            }
        }
        wrongType(node, "a text");
        return "";
    }

    /// The name of one of the task's inputs.
    String input(Marked node, Map<String, InputSpec> inputs) {
        String name = text(node);
        if (node.kind().equals("a text")) {
            checkInput(name, inputs, node.at());
        }
        return name;
    }

    void checkInput(String name, Map<String, InputSpec> inputs, Location at) {
        if (!inputs.containsKey(name)) {
            report(
                    at,
                    "module.unknown-input",
                    "the task has no input " + Names.abbreviate(name),
                    didYouMean(name, inputs.keySet(), "add it to `inputs`"));
        }
    }

    String name(Marked node, NameRule rule) {
        String text = text(node);
        if (!text.isEmpty() || node.kind().equals("a text")) {
            checkName(text, rule, node.at());
        }
        return text;
    }

    void checkName(String text, NameRule rule, Location at) {
        if (!rule.pattern().matcher(text).matches()) {
            String detail = "'" + Names.abbreviate(text) + "' is no name of " + rule.of();
            report(at, "yaml.bad-name", detail, rule.hint());
        }
    }

    /// A text that is all of a pattern.
    ///
    /// @param otherwise what it is if it is not: `is no address`
    String matching(Marked node, Pattern pattern, String otherwise, String hint) {
        String text = text(node);
        if (!pattern.matcher(text).matches() && node.kind().equals("a text")) {
            badValue(node, "'" + Names.abbreviate(text) + "' " + otherwise, hint);
        }
        return text;
    }

    boolean flag(Marked node) {
        if (node instanceof Marked.Scalar scalar) {
            if (scalar.value() instanceof Value.Bool(boolean value)) {
                return value;
            }
            if (scalar.written().matches("(?i)yes|no|on|off")) {
                boolean yes = scalar.written().matches("(?i)yes|on");
                wrongType(node, "true or false", "write " + yes);
                return false;
            }
        }
        wrongType(node, "true or false");
        return false;
    }

    int integer(Marked node, int least, int most) {
        if (node instanceof Marked.Scalar scalar && scalar.value() instanceof Value.Int(long n)) {
            if (n < least || n > most) {
                badValue(node, n + " is not within " + least + " and " + most, null);
                return least;
            }
            return (int) n;
        }
        wrongType(
                node,
                "a whole number",
                node.kind().equals("nothing") ? "leave the key out" : "such as 3");
        return least;
    }

    Duration duration(Marked node) {
        String text = text(node);
        Optional<Duration> duration = Durations.parse(text);
        if (duration.isEmpty() && node.kind().equals("a text")) {
            String detail = "'" + Names.abbreviate(text) + "' is no duration";
            badValue(node, detail, Durations.HINT);
        }
        return duration.orElse(Duration.ofSeconds(1));
    }

    /// A duration that something has to be over in.
    Duration timeout(Marked node) {
        Duration timeout = duration(node);
        if (timeout.isZero()) {
            badValue(node, "nothing is over in no time", Durations.HINT);
        }
        return timeout;
    }

    String pattern(Marked node) {
        String regex = text(node);
        checkPattern(regex, node.at());
        return regex;
    }

    void checkPattern(String regex, Location at) {
        try {
            Pattern.compile(regex);
        } catch (PatternSyntaxException e) {
            String shown = "'" + Names.abbreviate(regex) + "' is no regular expression: ";
            report(at, "yaml.bad-value", shown + Names.abbreviate(e.getDescription()), null);
        }
    }

    /// One of a few words, such as those of an enum.
    <T> Optional<T> word(
            Marked node, Collection<String> words, Function<String, Optional<T>> parse) {
        String text = text(node);
        Optional<T> parsed = parse.apply(text);
        if (parsed.isEmpty() && node.kind().equals("a text")) {
            String detail = "'" + Names.abbreviate(text) + "' is not known here";
            badValue(node, detail, didYouMean(text, words));
        }
        return parsed;
    }

    /// Items of a list that may not repeat.
    <T> Set<T> distinct(Marked node, Function<Marked, Optional<T>> item) {
        Set<T> all = new LinkedHashSet<>();
        if (!(node instanceof Marked.Items(List<Marked> items, _))) {
            wrongType(node, "a list", node.kind().equals("a text") ? "put it into [ ]" : null);
            return all;
        }
        for (Marked each : items) {
            item.apply(each)
                    .filter(value -> !all.add(value))
                    .ifPresent(_ -> badValue(each, "stands in this list twice", null));
        }
        return all;
    }

    /// Items of a list, in their order.
    <T> List<T> list(Marked node, Function<Marked, T> item) {
        if (!(node instanceof Marked.Items(List<Marked> items, _))) {
            wrongType(node, "a list", node.kind().equals("a text") ? "put it into [ ]" : null);
            return List.of();
        }
        return items.stream().map(item).toList();
    }

    Set<String> names(Marked node, NameRule rule) {
        return distinct(node, item -> Optional.of(name(item, rule)).filter(s -> !s.isEmpty()));
    }

    /// A mapping whose keys are names that the user chose.
    <T> Map<String, T> map(Marked node, NameRule keys, Function<Marked.Entry, T> decode) {
        Map<String, T> all = new LinkedHashMap<>();
        if (node instanceof Marked.Mapping(Map<String, Marked.Entry> entries, _)) {
            for (Marked.Entry entry : entries.values()) {
                checkName(entry.key(), keys, entry.at());
                all.put(entry.key(), decode.apply(entry));
            }
        } else {
            boolean nothing = node.kind().equals("nothing");
            wrongType(node, "a mapping", nothing ? "leave the key out, or write {}" : null);
        }
        return all;
    }

    Map<String, String> bindings(Marked node) {
        return map(node, NameRule.MODULE, entry -> name(entry.value(), NameRule.MODULE));
    }

    /// A hint: the known word nearest to one that is not known, or all there are.
    String didYouMean(String word, Collection<String> known) {
        String all =
                known.size() > 20
                        ? "docs/modules.md lists what there is"
                        : "one of: "
                                + known.stream()
                                        .map(Names::abbreviate)
                                        .collect(Collectors.joining(", "));
        return didYouMean(word, known, all);
    }

    String didYouMean(String word, Collection<String> known, String otherwise) {
        // Past the last problem that is shown, looking for a hint would only cost time.
        if (problems.size() >= MAX_PROBLEMS) {
            return otherwise;
        }
        return Names.nearest(word, known)
                .map(nearest -> "did you mean " + Names.abbreviate(nearest) + "?")
                .orElse(otherwise);
    }

    /// A rule of [Names] with words for it.
    enum NameRule {
        IDENTIFIER(
                Names.IDENTIFIER,
                "a step, group, input or output",
                "small letters, digits and _, a letter first, at most 63"),
        LABEL(
                Names.LABEL,
                "a cluster, pack, profile, provider, runner or machine",
                "small letters, digits and -, at most 63"),
        MODULE(
                Names.MODULE,
                "a module or interface",
                "small letters, digits and -, in up to 4 parts with / between, such as etcd/member");

        private final Pattern pattern;
        private final String of;
        private final String hint;

        NameRule(Pattern pattern, String of, String hint) {
            this.pattern = pattern;
            this.of = of;
            this.hint = hint;
        }

        Pattern pattern() {
            return pattern;
        }

        String of() {
            return of;
        }

        String hint() {
            return hint;
        }
    }
}
