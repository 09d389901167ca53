package dev.longshore.settings;

import io.smallrye.config.NameIterator;
import io.smallrye.config.WithDefault;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.net.URI;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What may stand at one place of the settings. Taken from [LongshoreSettings] itself, so that the two cannot
/// disagree.
sealed interface Shape {

    /// A fixed set of keys.
    record Group(Map<String, Shape> members) implements Shape {}

    /// Keys that the operator chooses.
    record Table(Shape value) implements Shape {}

    /// A list of single values.
    ///
    /// @param item what each of them is
    /// @param mayBeEmpty whether a list of none means something: not where a key left out stands for others
    record Items(Leaf item, boolean mayBeEmpty) implements Shape {}

    /// Keys, lists and values in a form that is somebody else's, and one value to the configuration: its JSON.
    ///
    /// @param json reads the JSON
    record Free(Leaf json) implements Shape {}

    /// A single value.
    ///
    /// @param expected what it should be, in words
    /// @param required whether it must be there
    /// @param secret whether it must never be shown
    /// @param reader gives the value or throws IllegalArgumentException
    record Leaf(String expected, boolean required, boolean secret, Function<String, ?> reader) implements Shape {}

    /// Everything under the root key.
    Group SETTINGS = group(LongshoreSettings.class);

    /// The root key.
    String ROOT = "longshore";

    /// Whether a value may have this property name.
    static boolean knows(String property) {
        return switch (at(property)) {
            case Leaf _, Items _, Free _ -> true;
            case Group _, Table _ -> false;
            case null -> false;
        };
    }

    /// Whether what stands at this property name has a form that is somebody else's.
    static boolean isFree(String property) {
        return at(property) instanceof Free;
    }

    private static @Nullable Shape at(String property) {
        var names = new NameIterator(property);
        if (!names.hasNext() || !names.getNextSegment().equals(ROOT)) {
            return null;
        }
        names.next();
        Shape shape = SETTINGS;
        while (names.hasNext()) {
            var key = names.getNextSegment();
            names.next();
            // Only members are lists; a name that the operator chose may well end like an index.
            var index = shape instanceof Group && key.endsWith("]") ? key.lastIndexOf('[') : -1;
            var found = below(shape, index < 0 ? key : key.substring(0, index));
            if (found == null || index >= 0 && !(found instanceof Items)) {
                return null;
            }
            shape = found;
        }
        return shape;
    }

    private static @Nullable Shape below(Shape shape, String key) {
        return switch (shape) {
            case Group(var members) -> members.get(key);
            case Table(var value) -> value;
            case Items _, Free _, Leaf _ -> null;
        };
    }

    private static Group group(Class<?> type) {
        var members = new LinkedHashMap<String, Shape>();
        Arrays.stream(type.getMethods())
                .filter(method -> Modifier.isAbstract(method.getModifiers()))
                .filter(method -> !method.getName().equals("toString"))
                .sorted(Comparator.comparing(Method::getName))
                .forEach(method -> members.put(
                        kebab(method.getName()),
                        of(method.getGenericReturnType(), false, method.isAnnotationPresent(WithDefault.class))));
        return new Group(members);
    }

    private static Shape of(Type type, boolean optional, boolean defaulted) {
        if (type instanceof ParameterizedType generic) {
            var arguments = generic.getActualTypeArguments();
            var raw = generic.getRawType();
            if (raw == Map.class) {
                return new Table(of(arguments[1], true, false));
            }
            if (raw == Optional.class) {
                return of(arguments[0], true, false);
            }
            return new Items(leaf((Class<?>) arguments[0], false), optional);
        }
        var raw = (Class<?>) type;
        if (raw == Template.class) {
            return new Free(new Leaf(Template.EXPECTED, !optional && !defaulted, false, Template::of));
        }
        return raw.isInterface() ? group(raw) : leaf(raw, !optional && !defaulted);
    }

    private static Leaf leaf(Class<?> type, boolean required) {
        if (type.isEnum()) {
            var names = Arrays.stream(type.getEnumConstants())
                    .map(constant ->
                            constant.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
                    .toList();
            return new Leaf("one of " + String.join(", ", names), required, false, text -> oneOf(names, text));
        }
        return switch (type.getSimpleName()) {
            case "int" -> new Leaf("a whole number", required, false, Integer::valueOf);
            case "long" -> new Leaf("a whole number", required, false, Long::valueOf);
            case "OptionalInt" -> new Leaf("a whole number", false, false, Integer::valueOf);
            case "OptionalLong" -> new Leaf("a whole number", false, false, Long::valueOf);
            case "double", "BigDecimal" -> new Leaf("a number", required, false, BigDecimal::new);
            case "Duration" ->
                new Leaf("a time such as 200ms, 5s, 5m, 24h or 30d", required, false, DurationConverter::read);
            case "ByteSize" -> new Leaf("a size such as 512KiB or 10MiB", required, false, ByteSize::read);
            case "LocalDate" -> new Leaf("a date such as 2027-06-01", required, false, Shape::date);
            case "URI" -> new Leaf("an http or https address without a user name", required, false, Shape::address);
            case "Network" -> new Leaf("an address range such as 10.0.0.0/8", required, false, Network::read);
            case "NameServer" -> new Leaf(NameServer.EXPECTED, required, false, NameServer::read);
            case "Pointer" -> new Leaf(Pointer.EXPECTED, required, false, Pointer::of);
            case "UrlPath" -> new Leaf(UrlPath.EXPECTED, required, false, UrlPath::of);
            case "Secret" ->
                new Leaf("a secret as text, as ${VARIABLE} or as file:/path", required, true, Secret::read);
            case "String" -> new Leaf("text", required, false, Function.identity());
            default -> throw new IllegalStateException("No shape is known for " + type);
        };
    }

    private static String oneOf(List<String> names, String text) {
        var name = text.strip().toLowerCase(Locale.ROOT).replace('_', '-');
        if (!names.contains(name)) {
            throw new IllegalArgumentException("none of them");
        }
        return name;
    }

    private static LocalDate date(String text) {
        try {
            return LocalDate.parse(text.strip());
        } catch (DateTimeParseException _) {
            throw new IllegalArgumentException("not a date");
        }
    }

    private static URI address(String text) {
        var address = URI.create(text.strip());
        var scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
        // A name or password in an address would be shown wherever the address is.
        if (!Set.of("http", "https").contains(scheme) || address.getHost() == null || address.getUserInfo() != null) {
            throw new IllegalArgumentException("not such an address");
        }
        return address;
    }

    private static String kebab(String method) {
        return method.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
