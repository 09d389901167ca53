package dev.longshore.cli.show;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Rows under headings, as wide as what is in them.
public final class Table {
    private static final String GAP = "  ";
    private static final int NARROWEST_END = 10;

    private final List<String> headings;
    private final List<List<String>> rows = new ArrayList<>();

    public Table(String... headings) {
        this.headings = List.of(headings);
    }

    /// Adds a row; what is null is shown as `-`.
    public void row(@Nullable Object... cells) {
        if (cells.length != headings.size()) {
            throw new IllegalArgumentException("as many cells as headings");
        }
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            String text = cell == null ? "" : Harmless.line(cell.toString());
            row.add(text.isEmpty() ? "-" : text);
        }
        rows.add(row);
    }

    /// The lines; the status among the columns has its colour.
    ///
    /// @param columns how wide a line may be: the last cell is cut to fit; 0 for as wide as need be
    public List<String> lines(Paint paint, int columns) {
        int[] widths = new int[headings.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = length(headings.get(i));
            for (List<String> row : rows) {
                widths[i] = Math.max(widths[i], length(row.get(i)));
            }
        }
        List<String> lines = new ArrayList<>();
        lines.add(paint.heading(line(headings, widths, columns, UnaryOperator.identity())));
        for (List<String> row : rows) {
            lines.add(line(row, widths, columns, paint::status));
        }
        return lines;
    }

    private String line(List<String> cells, int[] widths, int columns, UnaryOperator<String> ofStatus) {
        StringBuilder line = new StringBuilder();
        int used = 0;
        for (int i = 0; i < cells.size(); i++) {
            boolean last = i == cells.size() - 1;
            String cell = cells.get(i);
            if (last && columns > 0) {
                cell = cut(cell, Math.max(NARROWEST_END, columns - used));
            }
            line.append(headings.get(i).equals("STATUS") ? ofStatus.apply(cell) : cell);
            if (!last) {
                line.append(" ".repeat(widths[i] - length(cell))).append(GAP);
                used += widths[i] + GAP.length();
            }
        }
        return line.toString();
    }

    /// The text, or its beginning and a sign that there is more.
    static String cut(String text, int most) {
        return length(text) <= most ? text : text.substring(0, text.offsetByCodePoints(0, Math.max(0, most - 1))) + "…";
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }
}
