package dev.longshore.rig.chaos;

/// What the provider plays.
final class Scripts {
    /// An ordinary day.
    static final String CALM = """
            {"default": {"latency": {"p50_ms": 120, "p99_ms": 700}}}
            """;

    private Scripts() {}

    /// @param faults as the simulator's script writes them, separated by commas
    static String storm(String faults) {
        return """
                {"default": {"latency": {"p50_ms": 120, "p99_ms": 700}, "faults": [%s]}}
                """.formatted(faults);
    }
}
