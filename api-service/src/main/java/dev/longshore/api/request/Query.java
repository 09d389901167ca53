package dev.longshore.api.request;

import io.vertx.core.MultiMap;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The query parameters of a request, read by their types, with all that is wrong noted.
public final class Query {
    private static final int MOST = 100;
    private static final int USUAL = 20;

    /// Times beyond these have no place in an id.
    private static final Instant EARLIEST = Instant.EPOCH;

    private static final Instant LATEST = Instant.ofEpochMilli((1L << 47) - 1);

    private final String parent;
    private final String kind;
    private final MultiMap parameters;
    private final Faults faults = new Faults();

    /// The parameters of a request's target.
    public Query(MultiMap parameters) {
        this("", "parameter", parameters);
    }

    /// @param parent the pointer of the object that they stand in
    /// @param kind what its sender calls one of them
    public Query(String parent, String kind, MultiMap parameters) {
        this.parent = parent;
        this.kind = kind;
        this.parameters = parameters;
    }

    /// Refuses every parameter: for calls that take none.
    public static void none(MultiMap parameters) {
        if (!parameters.isEmpty()) {
            Query query = new Query(parameters);
            query.only(Set.of(), "");
            query.refuseIfAny();
        }
    }

    /// Notes parameters that are not known, and those given twice.
    ///
    /// @param prefix parameters that begin so are known too, if it is not empty
    public void only(Set<String> known, String prefix) {
        for (String name : parameters.names()) {
            if (!known.contains(name) && (prefix.isEmpty() || !name.startsWith(prefix))) {
                wrong(name, "unknown " + kind + " '" + Faults.shown(name) + "'");
            } else if (parameters.getAll(name).size() > 1) {
                wrong(name, "must be given once");
            }
        }
    }

    public void wrong(String name, String message) {
        faults.add(Faults.pointer(parent, name), message);
    }

    public void refuseIfAny() {
        faults.refuseIfAny();
    }

    public @Nullable String text(String name) {
        String value = parameters.get(name);
        if (value != null && value.indexOf(0) >= 0) {
            wrong(name, "must not contain NUL");
            return null;
        }
        return value;
    }

    public <T> @Nullable T choice(String name, Function<String, Optional<T>> read) {
        String value = text(name);
        if (value == null) {
            return null;
        }
        Optional<T> choice = read.apply(value);
        if (choice.isEmpty()) {
            wrong(name, "there is no such " + name);
            return null;
        }
        return choice.get();
    }

    public @Nullable Instant time(String name) {
        String value = text(name);
        if (value == null) {
            return null;
        }
        try {
            // A plus sign that was not escaped arrives as a space.
            Instant time = OffsetDateTime.parse(value.replace(' ', '+')).toInstant();
            if (!time.isBefore(EARLIEST) && time.isBefore(LATEST)) {
                return time;
            }
        } catch (DateTimeException _) {
            // Told below, with the times that are out of range.
        }
        wrong(name, "must be a time such as 2026-11-21T08:00:00Z");
        return null;
    }

    public @Nullable Integer whole(String name, int least, int most) {
        String value = text(name);
        if (value == null) {
            return null;
        }
        if (!value.isEmpty() && value.length() <= 9 && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
            int number = Integer.parseInt(value);
            if (number >= least && number <= most) {
                return number;
            }
        }
        wrong(name, "must be a whole number from " + least + " to " + most);
        return null;
    }

    /// How many rows a list shall have.
    public int limit() {
        Integer limit = whole("limit", 1, MOST);
        return limit == null ? USUAL : limit;
    }

    /// The parameters that begin so, by the rest of their names.
    public Map<String, String> startingWith(String prefix) {
        Map<String, String> found = new TreeMap<>();
        for (String name : parameters.names()) {
            if (name.startsWith(prefix)) {
                String value = text(name);
                if (name.indexOf(0) >= 0) {
                    wrong(name, "must not contain NUL");
                } else if (value != null) {
                    found.put(name.substring(prefix.length()), value);
                }
            }
        }
        return found;
    }
}
