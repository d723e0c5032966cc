package dev.formwork.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// Columns of numbers under a title, for people. Not thread-safe.
public final class Table {
    private final String title;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String title, String... heads) {
        this.title = title;
        rows.add(List.of(heads));
    }

    /// @param cells as many as there are heads, or fewer: the rest is empty
    public Table row(String... cells) {
        rows.add(List.of(cells));
        return this;
    }

    public String text() {
        int columns = rows.getFirst().size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int column = 0; column < columns; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        return rows.stream()
                .map(row -> line(row, widths))
                .collect(Collectors.joining("\n  ", title + "\n  ", "\n"));
    }

    private static String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < widths.length; column++) {
            String cell = row.get(column);
            line.append(column == 0 ? "" : "  ")
                    .repeat(' ', widths[column] - cell.length())
                    .append(cell);
        }
        return line.toString();
    }
}
