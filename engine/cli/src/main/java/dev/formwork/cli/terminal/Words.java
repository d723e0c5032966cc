package dev.formwork.cli.terminal;

/// Numbers with their nouns.
public final class Words {
    private Words() {}

    /// `1 machine`, `3 machines`, `2 boxes`.
    public static String count(long number, String noun) {
        return number + " " + (number == 1 ? noun : plural(noun));
    }

    private static String plural(String noun) {
        return noun.endsWith("s") || noun.endsWith("x") ? noun + "es" : noun + "s";
    }
}
