package dev.formwork.model.yaml;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/// Splits a text at its `${{ }}`. Knows of CEL just what it takes to find the end of an expression:
/// strings in all their forms, comments, and braces in pairs, so that neither `'}}'` nor `{'a':
/// {'b': 1}}` ends one. `$${{` stands for a literal `${{`.
final class ExpressionScanner {
    sealed interface Piece {
        record Literal(String text) implements Piece {}

        /// @param opening counts the `${{` of the text, escaped ones too, from 0
        record Code(String source, int opening) implements Piece {}

        /// An expression without an end, or a string in one.
        record Unterminated(int opening) implements Piece {}
    }

    private static final String OPEN = "${{";
    private static final String CLOSE = "}}";

    private final String text;
    private final List<Piece> pieces = new ArrayList<>();
    private final StringBuilder literal = new StringBuilder();
    private int openings;

    private ExpressionScanner(String text) {
        this.text = text;
    }

    static List<Piece> split(String text) {
        return new ExpressionScanner(text).split();
    }

    static int countOpenings(String text) {
        int count = 0;
        for (int i = text.indexOf(OPEN); i >= 0; i = text.indexOf(OPEN, i + OPEN.length())) {
            count++;
        }
        return count;
    }

    private List<Piece> split() {
        int i = 0;
        while (i < text.length()) {
            if (text.startsWith("$" + OPEN, i)) {
                literal.append(OPEN);
                openings++;
                i += 1 + OPEN.length();
            } else if (text.startsWith(OPEN, i)) {
                flush();
                int from = i + OPEN.length();
                OptionalInt end = endOfExpression(from);
                if (end.isEmpty()) {
                    pieces.add(new Piece.Unterminated(openings));
                    return pieces;
                }
                String source = text.substring(from, end.getAsInt());
                pieces.add(new Piece.Code(source.strip(), openings));
                openings += 1 + countOpenings(source);
                i = end.getAsInt() + CLOSE.length();
            } else {
                literal.append(text.charAt(i));
                i++;
            }
        }
        flush();
        return pieces;
    }

    private void flush() {
        if (!literal.isEmpty()) {
            pieces.add(new Piece.Literal(literal.toString()));
            literal.setLength(0);
        }
    }

    /// Where the `}}` stands that ends the expression which begins at `from`.
    private OptionalInt endOfExpression(int from) {
        int braces = 0;
        int i = from;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '"' || c == '\'') {
                OptionalInt end = endOfString(from, i);
                if (end.isEmpty()) {
                    return end;
                }
                i = end.getAsInt();
            } else if (text.startsWith("//", i)) {
                i = endOfComment(i);
            } else if (c == '{') {
                braces++;
                i++;
            } else if (c == '}' && braces > 0) {
                braces--;
                i++;
            } else if (text.startsWith(CLOSE, i)) {
                return OptionalInt.of(i);
            } else {
                i++;
            }
        }
        return OptionalInt.empty();
    }

    /// A comment ends with its line, or before a `}}`, because folding puts lines together.
    private int endOfComment(int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) != '\n' && !text.startsWith(CLOSE, i)) {
            i++;
        }
        return i;
    }

    private OptionalInt endOfString(int from, int quoteAt) {
        char quote = text.charAt(quoteAt);
        String three = String.valueOf(quote).repeat(3);
        String closing = text.startsWith(three, quoteAt) ? three : String.valueOf(quote);
        boolean raw = isRaw(from, quoteAt);
        int i = quoteAt + closing.length();
        while (i < text.length()) {
            if (text.charAt(i) == '\\' && !raw) {
                i += 2;
            } else if (text.startsWith(closing, i)) {
                return OptionalInt.of(i + closing.length());
            } else {
                i++;
            }
        }
        return OptionalInt.empty();
    }

    /// Whether the word before the quote is a prefix that makes the string raw.
    private boolean isRaw(int from, int quoteAt) {
        int start = quoteAt;
        while (start > from && quoteAt - start < 3 && isWord(text.charAt(start - 1))) {
            start--;
        }
        String prefix = text.substring(start, quoteAt).toLowerCase(Locale.ROOT);
        return prefix.equals("r") || prefix.equals("br") || prefix.equals("rb");
    }

    private static boolean isWord(char c) {
        return c == '_' || Character.isLetterOrDigit(c);
    }
}
