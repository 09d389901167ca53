package dev.longshore.standalone.arguments;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Options of the form `--name value`, `--name=value` and bare `--flag`.
public final class Arguments {
    private final Map<String, List<String>> values;
    private final Set<String> flags;

    private Arguments(Map<String, List<String>> values, Set<String> flags) {
        this.values = values;
        this.flags = flags;
    }

    /// Reads the arguments of a program that knows these options and flags and no others.
    ///
    /// @throws Refused when one is unknown or lacks its value
    public static Arguments of(String[] args, Set<String> options, Set<String> flags) {
        var values = new LinkedHashMap<String, List<String>>();
        var seen = new HashSet<String>();
        for (int i = 0; i < args.length; i++) {
            String argument = args[i];
            if (!argument.startsWith("--")) throw new Refused("expected an option instead of '" + argument + "'");
            int equals = argument.indexOf('=');
            String name = argument.substring(2, equals < 0 ? argument.length() : equals);
            if (flags.contains(name) && equals < 0) {
                seen.add(name);
            } else if (!options.contains(name)) {
                throw new Refused("unknown option --" + name);
            } else if (equals >= 0) {
                values.computeIfAbsent(name, _ -> new ArrayList<>()).add(argument.substring(equals + 1));
            } else if (i + 1 < args.length) {
                values.computeIfAbsent(name, _ -> new ArrayList<>()).add(args[++i]);
            } else {
                throw new Refused("--" + name + " needs a value");
            }
        }
        return new Arguments(values, seen);
    }

    /// Whether the flag was given.
    public boolean has(String flag) {
        return flags.contains(flag);
    }

    /// The option's last value, if it was given.
    public Optional<String> text(String option) {
        return Optional.ofNullable(values.get(option)).map(List::getLast);
    }

    /// Every value of an option that may be repeated, in order.
    public List<String> all(String option) {
        return values.getOrDefault(option, List.of());
    }

    /// The option's value as an absolute path.
    public Optional<Path> path(String option) {
        return text(option).map(value -> Path.of(value).toAbsolutePath().normalize());
    }

    /// The option's value as a number between the bounds, both included, or the default.
    ///
    /// @throws Refused when it is none
    public int number(String option, int standard, int least, int most) {
        Optional<String> text = text(option);
        if (text.isEmpty()) return standard;
        try {
            int number = Integer.parseInt(text.get());
            if (number >= least && number <= most) return number;
        } catch (NumberFormatException _) {
            // Said below, in the same words.
        }
        throw new Refused(
                "--" + option + " takes a number from " + least + " to " + most + ", not '" + text.get() + "'");
    }

    /// What was typed cannot be understood; the message says what to type instead.
    public static final class Refused extends RuntimeException {
        private static final long serialVersionUID = 1;

        /// @param message one sentence for the person who typed it
        public Refused(String message) {
            super(message);
        }
    }
}
