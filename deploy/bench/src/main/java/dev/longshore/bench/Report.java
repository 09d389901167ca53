package dev.longshore.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/// The figures for people and for programs.
final class Report {
    private static final List<String> LIMITS = List.of("L1", "L2", "L3", "L5");

    private Report() {}

    /// A table of what was asked and what was found.
    static String table(Figures medians) {
        StringBuilder text = new StringBuilder();
        text.append(line("limit of this machine", "", "a second", "", "", ""));
        for (String limit : LIMITS) {
            if (medians.has(limit)) {
                text.append(line(limit, "", number(medians.get(limit)), "", "", ""));
            }
        }
        text.append('\n').append(line("figure", "measured", "is", "first", "goal", "holds"));
        for (Goal goal : Goal.ALL) {
            if (medians.has(goal.name())) {
                double value = medians.get(goal.name());
                text.append(line(
                        goal.name(),
                        medians.has(goal.beside()) ? number(medians.get(goal.beside())) : "",
                        number(value),
                        number(goal.first()),
                        number(goal.aim()),
                        "%-8s %s".formatted(goal.holds(value), goal.what())));
            }
        }
        return text.toString();
    }

    /// Every figure of a round whose name begins so, one a line.
    static String all(Figures figures, String prefix) {
        StringBuilder text = new StringBuilder();
        for (String name :
                figures.names().stream().filter(name -> name.startsWith(prefix)).toList()) {
            text.append("  %-34s %14s%n".formatted(name, number(figures.get(name))));
        }
        return text.toString();
    }

    /// Writes medians as one flat object, and under `rounds` what each round found.
    static void write(Path file, Figures medians, List<Figures> rounds) throws IOException {
        ObjectMapper json = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
        ObjectNode whole = json.createObjectNode();
        put(whole, medians);
        ArrayNode each = whole.putArray("rounds");
        rounds.forEach(round -> put(each.addObject(), round));
        json.writeValue(file.toFile(), whole);
    }

    private static void put(ObjectNode object, Figures figures) {
        figures.names().forEach(name -> object.put(name, rounded(figures.get(name))));
    }

    private static double rounded(double value) {
        return Math.round(value * 10_000) / 10_000.0;
    }

    private static String line(String name, String measured, String is, String first, String goal, String holds) {
        return "%-30s %12s %12s %9s %9s  %s"
                        .formatted(name, measured, is, first, goal, holds)
                        .stripTrailing() + "\n";
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "-";
        }
        String pattern = Math.abs(value) >= 100 ? "%,.0f" : Math.abs(value) >= 10 ? "%.1f" : "%.3f";
        return String.format(Locale.ROOT, pattern, value);
    }
}
