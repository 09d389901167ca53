package dev.longshore.simulator;

import java.util.ArrayList;
import java.util.List;

/// Which calls of a model are meant, by their number from 1: `3`, `1-3`, `4-`, `every 5`, or several of these with
/// commas.
record CallNumbers(List<Span> spans) {

    record Span(long from, long to, long step) {
        boolean contains(long number) {
            return number >= from && number <= to && (number - from) % step == 0;
        }
    }

    static CallNumbers parse(String text) {
        List<Span> spans = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            spans.add(span(part.strip(), text));
        }
        return new CallNumbers(List.copyOf(spans));
    }

    boolean contains(long number) {
        for (Span span : spans) {
            if (span.contains(number)) {
                return true;
            }
        }
        return false;
    }

    private static Span span(String part, String whole) {
        try {
            if (part.startsWith("every ")) {
                long step = positive(part.substring(6).strip());
                return new Span(step, Long.MAX_VALUE, step);
            }
            int dash = part.indexOf('-');
            if (dash < 0) {
                long only = positive(part);
                return new Span(only, only, 1);
            }
            long from = positive(part.substring(0, dash).strip());
            String end = part.substring(dash + 1).strip();
            return new Span(from, end.isEmpty() ? Long.MAX_VALUE : positive(end), 1);
        } catch (NumberFormatException _) {
            throw new IllegalArgumentException(
                    "calls is \"" + whole + "\"; expected forms are 3, 1-3, 4-, every 5, with commas between several");
        }
    }

    private static long positive(String digits) {
        long value = Long.parseLong(digits);
        if (value < 1) {
            throw new NumberFormatException(digits);
        }
        return value;
    }
}
