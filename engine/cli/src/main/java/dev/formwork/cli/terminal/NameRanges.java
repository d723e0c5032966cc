package dev.formwork.cli.terminal;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Writes many names in short: `demo-members-[0-2,7], other`.
public final class NameRanges {
    private static final Pattern NUMBERED = Pattern.compile("(.*?)(0|[1-9][0-9]{0,17})");

    private NameRanges() {}

    public static String of(Collection<String> names) {
        Map<String, TreeSet<BigInteger>> numbers = new LinkedHashMap<>();
        List<String> others = new ArrayList<>();
        for (String name : names) {
            Matcher matcher = NUMBERED.matcher(name);
            if (matcher.matches()) {
                numbers.computeIfAbsent(matcher.group(1), _ -> new TreeSet<>())
                        .add(new BigInteger(matcher.group(2)));
            } else if (!others.contains(name)) {
                others.add(name);
            }
        }
        List<String> parts = new ArrayList<>(others);
        numbers.forEach((prefix, set) ->
                parts.add(
                        set.size() == 1
                                ? prefix + set.getFirst()
                                : prefix + "[" + ranges(List.copyOf(set)) + "]"));
        return String.join(", ", parts);
    }

    private static String ranges(List<BigInteger> sorted) {
        StringBuilder text = new StringBuilder();
        int start = 0;
        for (int i = 1; i <= sorted.size(); i++) {
            boolean goesOn =
                    i < sorted.size()
                            && sorted.get(i).equals(sorted.get(i - 1).add(BigInteger.ONE));
            if (!goesOn) {
                text.append(text.isEmpty() ? "" : ",").append(sorted.get(start));
                if (i - 1 > start) {
                    text.append(i - 1 == start + 1 ? "," : "-").append(sorted.get(i - 1));
                }
                start = i;
            }
        }
        return text.toString();
    }
}
