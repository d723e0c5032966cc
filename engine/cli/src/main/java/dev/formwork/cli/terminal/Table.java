package dev.formwork.cli.terminal;

import java.util.ArrayList;
import java.util.List;

/// Rows under headings, each column as wide as it needs. The last column is cut at the terminal's
/// edge.
public final class Table {
    private static final String GAP = "  ";

    private final List<List<String>> rows = new ArrayList<>();
    private final List<String> headings;

    public Table(String... headings) {
        this.headings = List.of(headings);
    }

    public void row(String... cells) {
        if (cells.length != headings.size()) {
            throw new IllegalArgumentException(cells.length + " cells of " + headings.size());
        }
        rows.add(List.of(cells));
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /// @param width columns there are; 0 for no limit
    public List<String> lines(Style style, int width) {
        List<Integer> widths = new ArrayList<>();
        for (int column = 0; column < headings.size(); column++) {
            int widest = Style.width(headings.get(column));
            for (List<String> row : rows) {
                widest = Math.max(widest, Style.width(row.get(column)));
            }
            widths.add(widest);
        }
        List<String> lines = new ArrayList<>();
        lines.add(style.dim(line(headings, widths, width)));
        rows.forEach(row -> lines.add(line(row, widths, width)));
        return lines;
    }

    private static String line(List<String> cells, List<Integer> widths, int width) {
        StringBuilder line = new StringBuilder();
        int used = 0;
        for (int column = 0; column < cells.size(); column++) {
            String cell = cells.get(column);
            boolean last = column == cells.size() - 1;
            if (last) {
                boolean plain = cell.indexOf('\u001b') < 0;
                line.append(
                        width > 0 && plain ? Printable.cut(cell, Math.max(8, width - used)) : cell);
            } else {
                line.append(cell).repeat(' ', widths.get(column) - Style.width(cell)).append(GAP);
                used += widths.get(column) + GAP.length();
            }
        }
        return line.toString().stripTrailing();
    }
}
