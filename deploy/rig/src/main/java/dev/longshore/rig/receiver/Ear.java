package dev.longshore.rig.receiver;

import dev.longshore.rig.proof.Heard;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Everything that all receivers have heard.
///
/// Safe for use by many threads.
final class Ear {
    private final List<Heard> heard = new ArrayList<>();
    // What is told again is kept once.
    private final Map<String, byte[]> bodies = new HashMap<>();

    synchronized void hear(Heard one) {
        byte[] first = bodies.putIfAbsent(one.id(), one.body());
        boolean same = first != null && Arrays.equals(first, one.body());
        heard.add(
                same
                        ? new Heard(
                                one.at(),
                                one.address(),
                                one.id(),
                                one.timestamp(),
                                one.signatures(),
                                first,
                                one.answered())
                        : one);
    }

    /// In the order in which it came.
    synchronized List<Heard> heard() {
        return List.copyOf(heard);
    }
}
