package dev.longshore.cli;

/// Jobs as the server tells them.
final class Jobs {
    static final String ID = "job_0199c5d2";

    private Jobs() {}

    static String open(String status, int attempt, String more) {
        return """
                {"job_id":"%s","status":"%s","progress":0.0,"progress_message":null,"operation":"chat@1","lane":"standard",\
                "priority":0,"labels":{},"batch_id":null,"attempt":%d,"max_attempts":5,"waiting":null,"queue_position":null,\
                "created_at":"2026-11-21T07:59:48.000Z","started_at":null,"finished_at":null,\
                "deadline_at":"2026-11-21T08:59:48.000Z","expires_at":"2026-12-21T08:00:00.000Z","result":null,"error":null,\
                "usage":null,"cost_usd":0,"metadata":{"provider":"paper","model":"sim-small"}%s}""".formatted(ID, status, attempt, more);
    }

    static String queued() {
        return open("queued", 0, ",\"queue_position\":3");
    }

    static String processing() {
        return open("processing", 1, "");
    }

    static String waiting(String reason, String until) {
        return open(
                "waiting",
                1,
                ",\"waiting\":{\"reason\":\"%s\",\"until\":\"%s\",\"detail\":\"asked to wait\"}"
                        .formatted(reason, until));
    }

    /// @param text what the model said
    static String complete(String text) {
        return open(
                "complete",
                1,
                (",\"finished_at\":\"2026-11-21T08:00:00.000Z\",\"cost_usd\":0.000145,"
                                + "\"usage\":{\"input_tokens\":342,\"cached_input_tokens\":0,\"output_tokens\":156},"
                                + "\"result\":{\"choices\":[{\"message\":{\"role\":\"assistant\",\"content\":\"%s\"}}]}")
                        .formatted(text));
    }

    static String failed() {
        return open(
                "failed",
                5,
                ",\"finished_at\":\"2026-11-21T08:00:00.000Z\",\"error\":{\"code\":\"PROVIDER_UNAVAILABLE\","
                        + "\"class\":\"transient\",\"message\":\"status 500\",\"retryable\":true,\"details\":{}}");
    }

    static String cancelled() {
        return open("cancelled", 1, ",\"finished_at\":\"2026-11-21T08:00:00.000Z\"");
    }

    static String page(String next, String... entries) {
        return "{\"data\":[%s],\"has_more\":%b,\"next\":%s}"
                .formatted(String.join(",", entries), !next.isEmpty(), next.isEmpty() ? "null" : "\"" + next + "\"");
    }
}
