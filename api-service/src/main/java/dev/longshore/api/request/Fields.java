package dev.longshore.api.request;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads the fields of one JSON object by their types, noting what is wrong. A field that is null counts
/// as absent.
public final class Fields {
    /// Beyond this many digits a number is an attack or a mistake, and arithmetic on it may never end.
    private static final int MOST_DIGITS = 40;

    private final JsonNode object;
    private final String pointer;
    private final Faults faults;

    /// @param pointer of the object
    public Fields(JsonNode object, String pointer, Faults faults) {
        this.object = object;
        this.pointer = pointer;
        this.faults = faults;
    }

    /// Notes every field that has no name of these.
    public void only(Set<String> known) {
        object.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                faults.add(Faults.pointer(pointer, name), "unknown field '" + Faults.shown(name) + "'");
            }
        });
    }

    public @Nullable JsonNode get(String name) {
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    public void wrong(String name, String message) {
        faults.add(pointer + "/" + name, message);
    }

    public @Nullable String text(String name) {
        JsonNode value = get(name);
        if (value == null) {
            return null;
        }
        if (!value.isTextual()) {
            wrong(name, "must be a string");
            return null;
        }
        return value.textValue();
    }

    /// One word out of a list.
    public @Nullable String word(String name, Set<String> words) {
        String text = text(name);
        if (text != null && !words.contains(text)) {
            wrong(
                    name,
                    "must be one of "
                            + String.join(", ", words.stream().sorted().toList()));
            return null;
        }
        return text;
    }

    public @Nullable Boolean flag(String name) {
        JsonNode value = get(name);
        if (value == null) {
            return null;
        }
        if (!value.isBoolean()) {
            wrong(name, "must be true or false");
            return null;
        }
        return value.booleanValue();
    }

    public @Nullable Integer whole(String name, int least, int most) {
        JsonNode value = get(name);
        if (value == null) {
            return null;
        }
        if (!value.isIntegralNumber()
                || !value.canConvertToInt()
                || value.intValue() < least
                || value.intValue() > most) {
            wrong(name, "must be a whole number from " + least + " to " + most);
            return null;
        }
        return value.intValue();
    }

    public @Nullable BigDecimal number(String name, BigDecimal least, BigDecimal most) {
        JsonNode value = get(name);
        if (value == null) {
            return null;
        }
        if (value.isNumber()) {
            BigDecimal number = value.decimalValue();
            if (number.precision() <= MOST_DIGITS
                    && Math.abs((long) number.scale()) <= MOST_DIGITS
                    && number.compareTo(least) >= 0
                    && number.compareTo(most) <= 0) {
                return number;
            }
        }
        wrong(name, "must be a number from " + least.toPlainString() + " to " + most.toPlainString());
        return null;
    }

    public @Nullable JsonNode object(String name) {
        JsonNode value = get(name);
        if (value != null && !value.isObject()) {
            wrong(name, "must be an object");
            return null;
        }
        return value;
    }
}
