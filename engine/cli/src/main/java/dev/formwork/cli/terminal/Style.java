package dev.formwork.cli.terminal;

import java.util.regex.Pattern;

/// Colours (ECMA-48), or none.
public final class Style {
    private static final Pattern CODES = Pattern.compile("\u001b\\[[0-9;]*m");

    private final boolean colour;

    public Style(boolean colour) {
        this.colour = colour;
    }

    public String bold(String text) {
        return wrap("1", text);
    }

    public String dim(String text) {
        return wrap("2", text);
    }

    public String red(String text) {
        return wrap("31", text);
    }

    public String green(String text) {
        return wrap("32", text);
    }

    public String yellow(String text) {
        return wrap("33", text);
    }

    public String cyan(String text) {
        return wrap("36", text);
    }

    /// A state of a run, a node or a machine, by what it means to a person.
    public String state(String state) {
        return switch (state) {
            case "succeeded", "ready", "up", "free" -> green(state);
            case "failed", "gone", "down", "dirty" -> red(state);
            case "waiting",
                    "paused",
                    "cancelled",
                    "cancelling",
                    "unreachable",
                    "absent",
                    "reserved" ->
                    yellow(state);
            case "running", "booting", "requested", "removing", "making", "cleaning" -> cyan(state);
            default -> state;
        };
    }

    /// Columns that a text takes: its code points, without colours.
    public static int width(String text) {
        String plain = text.indexOf('\u001b') < 0 ? text : CODES.matcher(text).replaceAll("");
        return plain.codePointCount(0, plain.length());
    }

    private String wrap(String code, String text) {
        return colour && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
