package dev.longshore.settings;

import io.smallrye.config.ConfigSourceInterceptor;
import io.smallrye.config.ConfigSourceInterceptorContext;
import io.smallrye.config.ConfigValue;
import io.smallrye.config.EnvConfigSource;
import io.smallrye.config.NameIterator;
import io.smallrye.config.Priorities;
import jakarta.annotation.Priority;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Keeps names out of the settings that are none of theirs.
///
/// The framework turns each environment variable `LONGSHORE_A_B` into a property `longshore.a.b`, and would then
/// find keys that do not exist (`longshore.config`), or providers and models that nobody declared
/// (`LONGSHORE_MODELS_GPT_4O_NAME` looks like a model called `gpt`). A variable still overrides the key that it
/// means: keys look for their variable, whatever names variables suggest. What is wrong in the file itself is found
/// by [SettingsReading].
@Priority(Priorities.LIBRARY)
public final class SettingsNames implements ConfigSourceInterceptor {

    private static final long serialVersionUID = 1L;

    private static final Set<String> TABLES = Set.of("providers", "models");

    @Override
    public ConfigValue getValue(ConfigSourceInterceptorContext context, String name) {
        return context.proceed(name);
    }

    @Override
    public Iterator<String> iterateNames(ConfigSourceInterceptorContext context) {
        var others = new ArrayList<String>();
        var ours = new ArrayList<String>();
        context.iterateNames().forEachRemaining(name -> {
            if (!name.startsWith(Shape.ROOT + ".")) {
                others.add(name);
            } else if (Shape.knows(name)) {
                ours.add(name);
            }
        });
        var suggested = ours.stream()
                .filter(SettingsNames::isInTable)
                .filter(name -> isFromEnvironment(context, name))
                .toList();
        others.addAll(withoutSuggestedTwins(ours, suggested));
        return others.iterator();
    }

    /// Drops the rows that environment variables suggest for rows that exist under a name with other punctuation.
    private static List<String> withoutSuggestedTwins(List<String> names, List<String> suggested) {
        var suggestions = Set.copyOf(suggested);
        var declared = new HashSet<String>();
        names.stream()
                .filter(name -> isInTable(name) && !suggestions.contains(name))
                .forEach(name -> declared.add(row(name)));
        var written = new HashSet<String>();
        declared.forEach(row -> written.add(asVariable(row)));
        return names.stream()
                .filter(name -> !suggestions.contains(name)
                        || declared.contains(row(name))
                        || !written.contains(asVariable(row(name))))
                .toList();
    }

    private static boolean isFromEnvironment(ConfigSourceInterceptorContext context, String name) {
        var value = context.proceed(name);
        return value != null
                && value.getSourceName() != null
                && value.getSourceName().startsWith(EnvConfigSource.NAME);
    }

    private static boolean isInTable(String name) {
        var names = new NameIterator(name);
        names.next();
        return TABLES.contains(names.getNextSegment());
    }

    /// The first three parts: root, table and row.
    private static String row(String name) {
        var names = new NameIterator(name);
        names.next();
        var table = names.getNextSegment();
        names.next();
        return table + "." + names.getNextSegment();
    }

    private static String asVariable(String row) {
        return row.replaceAll("[^A-Za-z0-9]", "_").toUpperCase(Locale.ROOT);
    }
}
