package dev.longshore.settings;

import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.NameIterator;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.smallrye.config.SysPropConfigSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.spi.ConfigSource;
import org.jspecify.annotations.Nullable;

/// One look at the settings: the operator's file, the sources that overrule it and the defaults beneath it.
final class SettingsReading {

    /// What holds for everything that nobody mentions.
    static final OperatorFile DEFAULTS = OperatorFile.bundled("longshore-defaults.yaml");

    private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}:]+)}");

    /// The name and password of an address.
    private static final Pattern CREDENTIALS = Pattern.compile("//[^/]*@");

    /// The longest piece of the operator's own words that is shown again.
    private static final int SHOWN = 60;

    private final OperatorFile file;
    private final List<ConfigSource> sources;
    private final List<Complaint> complaints = new ArrayList<>();

    /// @param others what else the configuration is made of: environment, system properties
    /// @param file the operator's file, which may be wrong
    SettingsReading(List<ConfigSource> others, OperatorFile file) {
        this.file = file;
        this.sources = new ArrayList<>(others);
        sources.add(new OperatorFileSource(file, OperatorFileSource.OPERATOR));
        sources.add(new OperatorFileSource(DEFAULTS, OperatorFileSource.DEFAULTS));
    }

    /// What is wrong with single keys and values; empty if each is what it should be.
    List<Complaint> complaints() {
        if (!file.complaints().isEmpty()) {
            return file.complaints();
        }
        complaints.clear();
        var config = builder().build();
        checkRoot();
        checkValues(Shape.ROOT, Shape.SETTINGS, config);
        complaints.sort(Comparator.comparingInt(this::line));
        return List.copyOf(complaints);
    }

    /// The settings, after everything that can be wrong with them has been looked for.
    ///
    /// @throws WrongSettings if anything is wrong
    LongshoreSettings settings() {
        refuse(complaints());
        LongshoreSettings settings;
        SmallRyeConfig config;
        try {
            config = builder().withMapping(LongshoreSettings.class).build();
            settings = config.getConfigMapping(LongshoreSettings.class);
        } catch (ConfigValidationException e) {
            throw new WrongSettings(unforeseen(e));
        }
        var rules = new SettingsRules(
                property -> place(config.getConfigValue(property), property), file.lines()::containsKey);
        var broken = new ArrayList<>(rules.broken(settings));
        broken.sort(Comparator.comparingInt(this::line));
        refuse(broken);
        return settings;
    }

    private static void refuse(List<Complaint> complaints) {
        if (!complaints.isEmpty()) {
            throw new WrongSettings(complaints);
        }
    }

    private SmallRyeConfigBuilder builder() {
        return new SmallRyeConfigBuilder()
                .addDefaultInterceptors()
                .withInterceptors(new SettingsNames())
                .withSources(sources.toArray(ConfigSource[]::new));
    }

    private void checkRoot() {
        if (!(file.root() instanceof OperatorFile.Value.Keys(var values)) || !values.containsKey(Shape.ROOT)) {
            complaints.add(new Complaint(file.name() + ":1", Shape.ROOT, "this key with everything under it", "none"));
        }
        if (file.root() instanceof OperatorFile.Value.Keys(var values)) {
            for (var entry : values.entrySet()) {
                if (entry.getKey().equals(Shape.ROOT)) {
                    checkForm(Shape.ROOT, Shape.SETTINGS, entry.getValue());
                } else {
                    complainOfUnknown(OperatorFile.child("", entry.getKey()), entry.getKey(), List.of(Shape.ROOT));
                }
            }
        }
    }

    /// Compares the form of the file, keys and lists, with what it should be; single values are looked at later.
    private void checkForm(String property, Shape shape, OperatorFile.Value value) {
        switch (shape) {
            case Shape.Group(var members) -> {
                for (var entry : keys(property, value, "keys: " + String.join(", ", members.keySet()))
                        .entrySet()) {
                    var child = OperatorFile.child(property, entry.getKey());
                    var member = members.get(entry.getKey());
                    if (member == null) {
                        complainOfUnknown(child, entry.getKey(), members.keySet());
                    } else {
                        checkForm(child, member, entry.getValue());
                    }
                }
            }
            case Shape.Table(var row) ->
                keys(property, value, "keys of your own choice with what they stand for")
                        .forEach((key, under) -> checkForm(OperatorFile.child(property, key), row, under));
            case Shape.Items(var item, var mayBeEmpty) -> checkItems(property, item, mayBeEmpty, value);
            case Shape.Free(var json) -> {
                if (value instanceof OperatorFile.Value.Nothing) {
                    complain(property, json.expected(), form(value));
                }
            }
            case Shape.Leaf leaf -> {
                if (!(value instanceof OperatorFile.Value.Text)) {
                    complain(property, leaf.expected(), form(value));
                }
            }
        }
    }

    private void checkItems(String property, Shape.Leaf item, boolean mayBeEmpty, OperatorFile.Value value) {
        if (!(value instanceof OperatorFile.Value.Items(var values))) {
            complain(property, "a list: [...], each entry " + item.expected(), form(value));
            return;
        }
        if (values.isEmpty() && !mayBeEmpty) {
            complain(property, "a list with at least one entry", "an empty list");
        }
        for (var index = 0; index < values.size(); index++) {
            checkForm(property + "[" + index + "]", item, values.get(index));
        }
    }

    private Map<String, OperatorFile.Value> keys(String property, OperatorFile.Value value, String expected) {
        return switch (value) {
            case OperatorFile.Value.Keys(var values) -> values;
            // A heading whose every line is commented out.
            case OperatorFile.Value.Nothing() -> Map.of();
            case OperatorFile.Value.Text _, OperatorFile.Value.Items _ -> {
                complain(property, expected, form(value));
                yield Map.of();
            }
        };
    }

    private void complainOfUnknown(String property, String key, Iterable<String> known) {
        var near = Spelling.nearest(key, known);
        var expected = near == null ? "one of the keys " + String.join(", ", known) : "a known key";
        var found = near == null ? "an unknown key" : "an unknown key; did you mean " + near + "?";
        complain(property, expected, found);
    }

    /// Looks at each single value, whichever source it comes from.
    private void checkValues(String property, Shape shape, SmallRyeConfig config) {
        switch (shape) {
            case Shape.Group(var members) ->
                members.forEach((key, member) -> checkValues(OperatorFile.child(property, key), member, config));
            case Shape.Table(var row) ->
                rows(property, config).forEach(key -> checkValues(OperatorFile.child(property, key), row, config));
            case Shape.Items(var item, var _) -> checkListed(property, item, config);
            case Shape.Free(var json) -> checkValue(property, json, config);
            case Shape.Leaf leaf -> checkValue(property, leaf, config);
        }
    }

    private void checkListed(String property, Shape.Leaf item, SmallRyeConfig config) {
        config.getIndexedProperties(property).forEach(entry -> checkValue(entry, item, config));
        var inOneLine = config.getConfigValue(property);
        if (inOneLine.getValue() != null) {
            for (var text : inOneLine.getValue().split(",", -1)) {
                checkText(property, item, inOneLine, text.strip());
            }
        }
    }

    private void checkValue(String property, Shape.Leaf leaf, SmallRyeConfig config) {
        var value = config.getConfigValue(property);
        if (value.hasProblems()) {
            complainOfVariables(property, value, config);
        } else if (value.getRawValue() == null) {
            if (leaf.required() && !file.lines().containsKey(property)) {
                complain(property, leaf.expected(), "nothing");
            }
        } else {
            checkText(property, leaf, value, value.getValue() == null ? "" : value.getValue());
        }
    }

    private void checkText(String property, Shape.Leaf leaf, ConfigValue value, String text) {
        if (text.isBlank()) {
            complaints.add(new Complaint(place(value, property), property, leaf.expected(), "nothing"));
            return;
        }
        try {
            var _ = leaf.reader().apply(text);
        } catch (WrongWithin e) {
            var whole = place(value, property);
            for (var fault : e.faults()) {
                var at = property + fault.below();
                var place = whole.equals(file.place(property)) ? file.place(at) : whole;
                complaints.add(new Complaint(place, at, fault.expected(), shown(fault.found())));
            }
        } catch (IllegalArgumentException e) {
            var found = leaf.secret() ? String.valueOf(e.getMessage()) : shown(value.getRawValue());
            complaints.add(new Complaint(place(value, property), property, leaf.expected(), found));
        }
    }

    private void complainOfVariables(String property, ConfigValue value, SmallRyeConfig config) {
        var raw = value.getRawValue() == null ? "" : value.getRawValue();
        var undefined = VARIABLE.matcher(raw)
                .results()
                .map(match -> match.group(1))
                .filter(name -> config.getConfigValue(name).getRawValue() == null)
                .distinct()
                .toList();
        var names = undefined.isEmpty() ? "those that it mentions" : String.join(", ", undefined);
        complaints.add(new Complaint(
                place(value, property), property, "the environment variable " + names + " to be set", "it is not"));
    }

    /// The operator's own keys of a table, in order, from whichever source.
    private Iterable<String> rows(String property, SmallRyeConfig config) {
        var rows = new TreeSet<String>();
        for (var name : config.getPropertyNames()) {
            addRow(rows, property, name);
        }
        // Those without a single value too: they lack what is required.
        file.lines().keySet().forEach(name -> addRow(rows, property, name));
        return rows;
    }

    private static void addRow(TreeSet<String> rows, String property, String name) {
        if (name.startsWith(property + ".")) {
            var names = new NameIterator(name.substring(property.length() + 1));
            if (names.hasNext()) {
                rows.add(names.getNextSegment());
            }
        }
    }

    private void complain(String property, String expected, String found) {
        complaints.add(new Complaint(file.place(property), property, expected, found));
    }

    /// Where a value comes from: the line of the file or of the nearest key above, or the name of the variable.
    private String place(ConfigValue value, String property) {
        var source = value.getSourceName() == null ? "" : value.getSourceName();
        if (source.startsWith(EnvConfigSource.NAME)) {
            return "environment variable " + variable(property);
        }
        if (source.startsWith(SysPropConfigSource.NAME)) {
            return "system property " + property;
        }
        return file.place(property);
    }

    private String variable(String property) {
        var wanted = asVariable(property);
        return sources.stream()
                .filter(EnvConfigSource.class::isInstance)
                .flatMap(source -> source.getPropertyNames().stream())
                .filter(name -> name.equals(name.toUpperCase(Locale.ROOT))
                        && asVariable(name).equals(wanted))
                .findFirst()
                .orElse(wanted);
    }

    private static String asVariable(String property) {
        return property.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }

    /// What the framework found that was not looked for above: it names the key and never the value.
    private List<Complaint> unforeseen(ConfigValidationException e) {
        var found = new ArrayList<Complaint>();
        for (var index = 0; index < e.getProblemCount(); index++) {
            var key = Pattern.compile("longshore(\\.[^\\s\"]+|\\.\"[^\"]+\")+")
                    .matcher(String.valueOf(e.getProblem(index).getMessage()));
            var property = key.find() ? key.group() : Shape.ROOT;
            found.add(new Complaint(file.place(property), property, "a valid value", "one that cannot be used"));
        }
        return found;
    }

    /// The line that a complaint is about; those about variables come last.
    private int line(Complaint complaint) {
        var prefix = file.name() + ":";
        return complaint.place().startsWith(prefix)
                ? Integer.parseInt(complaint.place().substring(prefix.length()))
                : Integer.MAX_VALUE;
    }

    private static String form(OperatorFile.Value value) {
        return switch (value) {
            case OperatorFile.Value.Text _ -> "a single value";
            case OperatorFile.Value.Items _ -> "a list";
            case OperatorFile.Value.Keys _ -> "keys";
            case OperatorFile.Value.Nothing() -> "nothing";
        };
    }

    private static String shown(@Nullable String text) {
        if (text == null) {
            return "nothing";
        }
        var masked = CREDENTIALS.matcher(text).replaceAll("//***@");
        return masked.length() <= SHOWN ? masked : masked.substring(0, SHOWN) + "...";
    }
}
