package dev.longshore.simulator;

import dev.longshore.simulator.tongue.Fingerprint;
import java.util.Locale;

/// The meaning of a text, as a direction: texts that share words point in similar ones.
final class Meaning {

    /// How many numbers of the vector a word moves.
    private static final int SPREAD = 8;

    private Meaning() {}

    /// A vector of length 1 whose direction depends on the words of the text.
    static float[] vector(String text, int dimensions) {
        float[] vector = new float[dimensions];
        for (String word : text.toLowerCase(Locale.ROOT).split("\\W+")) {
            long hash = Fingerprint.of(Fingerprint.EMPTY, word);
            for (int i = 0; i < SPREAD; i++) {
                long draw = Chance.mix(hash + i);
                vector[(int) ((draw >>> 1) % dimensions)] += (draw & 1) == 0 ? 1 : -1;
            }
        }
        double square = 0;
        for (float number : vector) {
            square += number * number;
        }
        if (square == 0) {
            vector[0] = 1;
            return vector;
        }
        float scale = (float) (1 / Math.sqrt(square));
        for (int i = 0; i < dimensions; i++) {
            vector[i] *= scale;
        }
        return vector;
    }
}
