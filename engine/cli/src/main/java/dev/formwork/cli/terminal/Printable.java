package dev.formwork.cli.terminal;

import java.util.ArrayList;
import java.util.List;

/// Makes texts from machines and files fit to be printed: what is in a log may be hostile, and a
/// terminal obeys escape sequences.
public final class Printable {
    private Printable() {}

    /// Without control characters but tabs; each becomes `?`.
    public static String line(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().forEach(c -> clean.appendCodePoint(c == '\t' || !isControl(c) ? c : '?'));
        return clean.toString();
    }

    /// As [#line], with its line breaks kept.
    public static String text(String text) {
        return String.join("\n", text.lines().map(Printable::line).toList());
    }

    /// At most `width` columns, the end cut with `~` where it is longer.
    public static String cut(String text, int width) {
        if (Style.width(text) <= width) {
            return text;
        }
        int end = text.offsetByCodePoints(0, Math.max(0, width - 1));
        return text.substring(0, end) + "~";
    }

    /// Breaks a text at spaces into lines of at most `width`; a longer word has a line of its own.
    public static List<String> wrap(String text, int width) {
        List<String> lines = new ArrayList<>();
        for (String paragraph : text.split("\n", -1)) {
            StringBuilder line = new StringBuilder();
            for (String word : paragraph.split(" ", -1)) {
                if (!line.isEmpty() && Style.width(line + " " + word) > width) {
                    lines.add(line.toString());
                    line.setLength(0);
                }
                line.append(line.isEmpty() ? "" : " ").append(word);
            }
            lines.add(line.toString());
        }
        return lines;
    }

    private static boolean isControl(int c) {
        return Character.isISOControl(c) || Character.getType(c) == Character.FORMAT;
    }
}
