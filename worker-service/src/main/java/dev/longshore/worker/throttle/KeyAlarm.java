package dev.longshore.worker.throttle;

/// Is told of every call that failed because the provider did not accept its key.
@FunctionalInterface
public interface KeyAlarm {
    /// @param key its number, from 0 in the order of the operator's file
    void ring(String provider, int key);
}
