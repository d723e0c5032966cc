package dev.formwork.model.yaml;

import dev.formwork.model.Location;

import java.util.ArrayList;
import java.util.List;

/// The stretch of a source file that a scalar takes, quotes and block header included.
final class Span {
    private final Location start;
    private final int[] source;
    private final int from;
    private final int to;

    /// @param source code points of the whole file
    /// @param from index of the first code point
    /// @param to index after the last
    Span(Location start, int[] source, int from, int to) {
        this.start = start;
        this.source = source;
        this.from = from;
        this.to = Math.min(to, source.length);
    }

    Location start() {
        return start;
    }

    boolean isBlock() {
        return from < to && (source[from] == '|' || source[from] == '>');
    }

    /// Where the text itself begins: behind a quote or the header of a block.
    Location text() {
        int at = from;
        if (isBlock()) {
            while (at < to && source[at] != '\n' && source[at] != '\r') {
                at++;
            }
        } else if (at < to && (source[at] == '"' || source[at] == '\'')) {
            at++;
        }
        return new Cursor().advance(skipSpace(at));
    }

    /// Where the expressions of a scalar stand: behind each `${{` and the spaces after it. Quoting,
    /// folding and indentation move text about but neither make nor remove an opening; only one
    /// that was written with escapes is missing here.
    List<Location> openings() {
        List<Location> found = new ArrayList<>();
        Cursor cursor = new Cursor();
        for (int i = from; i + 2 < to; i++) {
            if (source[i] == '$' && source[i + 1] == '{' && source[i + 2] == '{') {
                found.add(cursor.advance(skipSpace(i + 3)));
            }
        }
        return found;
    }

    private int skipSpace(int at) {
        int next = at;
        while (next < to && Character.isWhitespace(source[next])) {
            next++;
        }
        return next < to ? next : at;
    }

    /// Counts lines and columns, forwards only, so that many places cost one pass.
    private final class Cursor {
        private int index = from;
        private int line = start.line();
        private int column = start.column();

        Location advance(int target) {
            for (; index < target; index++) {
                int c = source[index];
                boolean newline =
                        c == '\n' || (c == '\r' && !(index + 1 < to && source[index + 1] == '\n'));
                line += newline ? 1 : 0;
                column = newline ? 1 : column + 1;
            }
            return new Location(start.file(), line, column);
        }
    }
}
