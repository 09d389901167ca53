package dev.longshore.provider;

/// What a breaker stands for: a model of a provider whatever the key, a key whatever the model, or a key for one
/// model.
///
/// @param model the provider's own name of the model; [#EVERY_MODEL] where a key is meant for all of them
/// @param key which of the provider's keys, from 0; [#WHATEVER_KEY] where a model is meant
public record BreakerName(String provider, String model, int key) {
    private static final String EVERY_MODEL = "";
    private static final int WHATEVER_KEY = -1;

    public static BreakerName ofModel(String provider, String model) {
        return new BreakerName(provider, model, WHATEVER_KEY);
    }

    public static BreakerName ofKey(String provider, int key) {
        return new BreakerName(provider, EVERY_MODEL, key);
    }

    public static BreakerName ofKeyAndModel(String provider, int key, String model) {
        return new BreakerName(provider, model, key);
    }

    public boolean isOfAKey() {
        return key != WHATEVER_KEY;
    }

    public boolean isOfEveryModel() {
        return model.equals(EVERY_MODEL);
    }
}
