package dev.formwork.cli.terminal;

import java.io.Console;
import java.util.Map;

/// What the program's standard streams are connected to.
///
/// @param input a person can be asked
/// @param output a person reads along: lines can be redrawn
/// @param width in columns; what is longer is cut or wrapped
/// @param colour ANSI colours are wanted
public record Terminal(boolean input, boolean output, int width, boolean colour) {
    /// Where nothing is known: files, pipes, tests.
    public static final Terminal NONE = new Terminal(false, false, 80, false);

    private static final int NARROWEST = 40;
    private static final int WIDEST = 200;

    /// Reads what the launcher found out (`FORMWORK_TTY`: the streams that are terminals, as
    /// digits; `COLUMNS`), and the wishes in `NO_COLOR` (no-color.org) and `TERM`.
    @SuppressWarnings("SystemConsoleNull") // JDK 25 answers null again where there is none
    public static Terminal detect(Map<String, String> environment, boolean noColour) {
        String streams = environment.get("FORMWORK_TTY");
        boolean input;
        boolean output;
        if (streams == null) {
            Console console = System.console();
            input = console != null && console.isTerminal();
            output = input;
        } else {
            input = streams.contains("0");
            output = streams.contains("1");
        }
        boolean able = !environment.getOrDefault("TERM", "dumb").equals("dumb");
        boolean plain = noColour || !environment.getOrDefault("NO_COLOR", "").isEmpty();
        return new Terminal(input, output && able, width(environment), output && able && !plain);
    }

    public Style style() {
        return new Style(colour);
    }

    private static int width(Map<String, String> environment) {
        try {
            int columns = Integer.parseInt(environment.getOrDefault("COLUMNS", "80"));
            return Math.clamp(columns, NARROWEST, WIDEST);
        } catch (NumberFormatException _) {
            return NONE.width;
        }
    }
}
