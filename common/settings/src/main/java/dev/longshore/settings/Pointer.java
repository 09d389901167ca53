package dev.longshore.settings;

import java.util.regex.Pattern;

/// A place in a JSON value, by RFC 6901: `/choices/0/text`. The whole value is `#`, as the RFC writes it where an
/// empty text cannot stand.
///
/// @param text the pointer by the letter of the RFC: the whole value is empty
public record Pointer(String text) {

    static final String EXPECTED = "a JSON pointer such as /output/text, or # for the whole";

    /// A longer one is a slip of the hand.
    private static final int LONGEST = 1_000;

    private static final Pattern RFC_6901 = Pattern.compile("(/([^~/]|~[01])*+)*+");

    /// Reads a pointer.
    ///
    /// @throws IllegalArgumentException if the text is none
    public static Pointer of(String text) {
        var pointer = text.strip();
        if (pointer.equals("#")) {
            return new Pointer("");
        }
        if (pointer.isEmpty()
                || pointer.length() > LONGEST
                || !RFC_6901.matcher(pointer).matches()) {
            throw new IllegalArgumentException("not " + EXPECTED);
        }
        return new Pointer(pointer);
    }

    /// As the operator wrote it.
    @Override
    public String toString() {
        return text.isEmpty() ? "#" : text;
    }
}
