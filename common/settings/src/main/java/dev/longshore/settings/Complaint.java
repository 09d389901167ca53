package dev.longshore.settings;

/// One thing that is wrong with the settings, said so that the operator can go there and mend it.
///
/// @param place where: `FILE:LINE`, or the name of the environment variable or system property
/// @param key which key, as it is written: `longshore.lanes.batch.weight`
/// @param expected what should have been there
/// @param found what was there; never a secret
public record Complaint(String place, String key, String expected, String found) {

    @Override
    public String toString() {
        return place + ": " + key + ": expected " + expected + ", found " + found;
    }
}
