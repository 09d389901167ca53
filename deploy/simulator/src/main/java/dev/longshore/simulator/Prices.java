package dev.longshore.simulator;

/// What a model costs, in US dollars for a million tokens. Only shown (`GET /v1/models`): paper sends no bills.
public record Prices(double input, double cachedInput, double output) {

    public Prices {
        if (!(input >= 0 && cachedInput >= 0 && output >= 0)) {
            throw new IllegalArgumentException("prices must not be negative");
        }
    }
}
