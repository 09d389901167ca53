package dev.longshore.api.request;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/// Reads labels: pairs of strings that a caller gives to its jobs, and filters them by.
public final class Labels {
    /// Pairs.
    public static final int MOST = 16;

    static final int LONGEST_KEY = 64;
    static final int LONGEST_VALUE = 512;

    private Labels() {}

    /// Reads a field, noting in `faults` what is wrong.
    ///
    /// @param pointer of the field
    /// @return a JSON object of strings; null when there are none, or something is wrong
    public static @Nullable String read(Fields fields, String name, String pointer, Faults faults) {
        JsonNode labels = fields.object(name);
        if (labels == null || labels.isEmpty()) {
            return null;
        }
        if (labels.size() > MOST) {
            fields.wrong(name, "must be at most " + MOST + " pairs");
            return null;
        }
        labels.properties().forEach(label -> check(label.getKey(), label.getValue(), pointer, faults));
        return faults.any() ? null : labels.toString();
    }

    private static void check(String key, JsonNode value, String pointer, Faults faults) {
        if (key.isEmpty() || key.length() > LONGEST_KEY || !storable(key)) {
            faults.add(
                    Faults.pointer(pointer, key.length() > LONGEST_KEY ? "..." : key),
                    "the name of a label must have 1 to " + LONGEST_KEY + " characters");
        } else if (!value.isTextual() || value.textValue().length() > LONGEST_VALUE || !storable(value.textValue())) {
            faults.add(Faults.pointer(pointer, key), "must be a string of at most " + LONGEST_VALUE + " characters");
        }
    }

    /// Whether PostgreSQL can keep it: neither NUL nor half a surrogate pair.
    public static boolean storable(String text) {
        return text.codePoints().noneMatch(c -> c == 0 || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }
}
