package dev.longshore.bench;

import dev.longshore.bench.stack.ProcessorTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;

/// The figures of one round, by name, in the order in which they were found.
final class Figures {
    private final Map<String, Double> values = new LinkedHashMap<>();

    Figures put(String name, double value) {
        values.put(name, value);
        return this;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    /// @throws IllegalArgumentException when it is not there
    double get(String name) {
        Double value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("there is no figure " + name);
        }
        return value;
    }

    /// A figure as a multiple of another, if the other was measured.
    void ratio(String name, double value, String of) {
        if (has(of)) {
            put(name, value / get(of));
        }
    }

    /// Half of all and all but one in a hundred, in milliseconds.
    ///
    /// @param micros a histogram of microseconds
    void percentiles(String name, Histogram micros) {
        put(name + ".p50_ms", micros.getValueAtPercentile(50) / 1_000.0);
        put(name + ".p99_ms", micros.getValueAtPercentile(99) / 1_000.0);
    }

    /// What a job cost each process, in microseconds of processor time.
    void processorTime(String name, ProcessorTime used, double jobs) {
        used.micros().forEach((process, micros) -> {
            if (micros > 0) {
                put(name + ".cpu_us_" + process, micros / jobs);
            }
        });
    }

    Map<String, Double> values() {
        return Map.copyOf(values);
    }

    Set<String> names() {
        return new LinkedHashSet<>(values.keySet());
    }

    /// The median of each figure over those rounds that have it.
    static Figures medians(List<Figures> rounds) {
        Set<String> names = new LinkedHashSet<>();
        rounds.forEach(round -> names.addAll(round.names()));
        Figures medians = new Figures();
        for (String name : names) {
            List<Double> values = new ArrayList<>();
            rounds.stream().filter(round -> round.has(name)).forEach(round -> values.add(round.get(name)));
            medians.put(name, median(values));
        }
        return medians;
    }

    /// The middle one, or the mean of the two in the middle.
    ///
    /// @throws IllegalArgumentException when there are none
    static double median(Collection<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("nothing has no median");
        }
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
