package dev.longshore.lane;

import java.util.Locale;
import java.util.Optional;

/// A priority class with its own topic. The order is the order of urgency.
public enum Lane {
    INTERACTIVE,
    STANDARD,
    BATCH;

    private static final Lane[] ALL = values();

    private final String word = name().toLowerCase(Locale.ROOT);

    /// The lane as clients, the database and metrics spell it.
    public String word() {
        return word;
    }

    /// The Kafka topic that carries this lane's tickets.
    public String topic() {
        return "lane." + word;
    }

    /// The consumer group of the workers on this lane: how far it has read tells how full the lane is.
    public String group() {
        return "longshore.workers." + word;
    }

    /// The topic for records on this lane that nobody can read.
    public String deadLetterTopic() {
        return topic() + ".unreadable";
    }

    public static Optional<Lane> of(String word) {
        for (Lane lane : ALL) {
            if (lane.word.equals(word)) {
                return Optional.of(lane);
            }
        }
        return Optional.empty();
    }
}
