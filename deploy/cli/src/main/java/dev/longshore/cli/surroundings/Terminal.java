package dev.longshore.cli.surroundings;

/// Which streams a person sits at, and how large the screen is.
///
/// @param in whether the input is typed
/// @param out whether the output is seen as it comes
/// @param err whether what is said beside the output is seen as it comes
/// @param columns, rows of the screen, where there is one
public record Terminal(boolean in, boolean out, boolean err, int columns, int rows) {
    private static final int USUAL_COLUMNS = 80;
    private static final int USUAL_ROWS = 24;

    /// No terminal anywhere.
    public static final Terminal NONE = new Terminal(false, false, false, USUAL_COLUMNS, USUAL_ROWS);

    /// What the starting script has found.
    ///
    /// @param streams those of `in`, `out` and `err` that are terminals, in any order
    /// @param size rows and columns as `stty size` prints them; nonsense gives the usual size
    public static Terminal of(String streams, String size) {
        String[] numbers = size.strip().split(" ", -1);
        return new Terminal(
                streams.contains("in"),
                streams.contains("out"),
                streams.contains("err"),
                numbers.length == 2 ? number(numbers[1], USUAL_COLUMNS) : USUAL_COLUMNS,
                numbers.length == 2 ? number(numbers[0], USUAL_ROWS) : USUAL_ROWS);
    }

    private static int number(String text, int usual) {
        // Zero is what terminals say that do not know.
        return text.matches("[1-9][0-9]{0,3}") ? Integer.parseInt(text) : usual;
    }
}
