package dev.longshore.cli.show;

/// Where on the screen a text has gone that was printed from the start of a line, so that it can be wiped off again.
final class Footprint {
    private static final int TAB = 8;

    /// From here on characters may be twice as wide, or have no width at all.
    private static final int FIRST_OF_UNSURE_WIDTH = 0x300;

    private final int columns;
    private final int screenRows;
    private int rows;
    private int column;
    private boolean sure = true;

    Footprint(int columns, int screenRows) {
        this.columns = columns;
        this.screenRows = screenRows;
    }

    /// More of the text.
    void add(String text) {
        text.codePoints().forEach(this::add);
    }

    /// Whether the text is all on the screen and it is known how many rows it takes.
    boolean isWipeable() {
        return sure && rows < screenRows;
    }

    /// What takes the text away, the cursor being where the text ended.
    String wiping() {
        return "\r" + (rows == 0 ? "" : "\u001b[" + rows + "A") + "\u001b[J";
    }

    private void add(int c) {
        if (c == '\n') {
            rows++;
            column = 0;
        } else if (c == '\t') {
            column = Math.min(columns, (column / TAB + 1) * TAB);
        } else if (c >= FIRST_OF_UNSURE_WIDTH) {
            sure = false;
        } else if (column == columns) {
            // The terminal goes on to the next row only now.
            rows++;
            column = 1;
        } else {
            column++;
        }
    }
}
