package dev.formwork.provider.ssh.inventory;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Expands the ranges of an Ansible inventory (its documentation, "Adding ranges of hosts"):
/// `web[01:50]`, `db-[a:f]`, `n[0:10:2]`. Both ends belong to a range; leading zeros are kept.
final class HostRange {
    private static final Pattern RANGE =
            Pattern.compile(
                    "\\[(?:([0-9]{1,9}):([0-9]{1,9})|([A-Za-z]):([A-Za-z]))"
                            + "(?::([0-9]{1,9}))?]");
    private static final int MOST = 100_000;

    private HostRange() {}

    /// @throws IllegalArgumentException with the reason, where it is no range
    static List<String> expand(String pattern) {
        Matcher range = RANGE.matcher(pattern);
        if (!range.find()) {
            if (pattern.contains("[") || pattern.contains("]")) {
                throw new IllegalArgumentException("not a range: " + pattern);
            }
            return List.of(pattern);
        }
        List<String> expanded = new ArrayList<>();
        for (String middle : members(range)) {
            for (String end : expand(pattern.substring(range.end()))) {
                expanded.add(pattern.substring(0, range.start()) + middle + end);
                if (expanded.size() > MOST) {
                    throw new IllegalArgumentException("more than %d hosts".formatted(MOST));
                }
            }
        }
        return expanded;
    }

    private static List<String> members(Matcher range) {
        int step = range.group(5) == null ? 1 : Integer.parseInt(range.group(5));
        boolean isNumber = range.group(1) != null;
        int first = isNumber ? Integer.parseInt(range.group(1)) : (int) range.group(3).charAt(0);
        int last = isNumber ? Integer.parseInt(range.group(2)) : (int) range.group(4).charAt(0);
        if (first > last || step == 0) {
            throw new IllegalArgumentException("an empty range: " + range.group());
        }
        if ((last - first) / step >= MOST) {
            throw new IllegalArgumentException("more than %d hosts".formatted(MOST));
        }
        if (!isNumber && Character.isUpperCase(first) != Character.isUpperCase(last)) {
            throw new IllegalArgumentException("upper and lower case in a range: " + range.group());
        }
        int width = isNumber && range.group(1).startsWith("0") ? range.group(1).length() : 1;
        if (width > 1 && range.group(2).length() != width) {
            throw new IllegalArgumentException(
                    "both ends must have the same length: " + range.group());
        }
        List<String> members = new ArrayList<>();
        for (int i = first; i <= last; i += step) {
            members.add(
                    isNumber
                            ? "0".repeat(Math.max(0, width - Integer.toString(i).length())) + i
                            : Character.toString(i));
        }
        return members;
    }
}
