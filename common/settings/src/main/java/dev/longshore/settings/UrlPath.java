package dev.longshore.settings;

import java.util.regex.Pattern;

/// What follows a provider's address, with places for the model and for the id of a prediction:
/// `/models/{{model}}/predictions`.
///
/// @param text as the operator wrote it
public record UrlPath(String text) {

    /// Stands for the provider's own name of the model.
    public static final String MODEL = "{{model}}";

    /// Stands for the provider's id of a prediction.
    public static final String ID = "{{id}}";

    static final String EXPECTED = "a path such as /complete or /models/{{model}}, without a query";

    /// What may stand in the path of an address by RFC 3986.
    private static final Pattern PATH = Pattern.compile("(/([A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})*+)++");

    /// Reads a path.
    ///
    /// @throws IllegalArgumentException if the text is none
    public static UrlPath of(String text) {
        var path = text.strip();
        var filled = path.replace(MODEL, "m").replace(ID, "i");
        if (!PATH.matcher(filled).matches()) {
            throw new IllegalArgumentException("not " + EXPECTED);
        }
        return new UrlPath(path);
    }

    /// Whether it has a place for the id of a prediction.
    public boolean hasId() {
        return text.contains(ID);
    }

    @Override
    public String toString() {
        return text;
    }
}
