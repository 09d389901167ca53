package dev.longshore.standalone;

/// What is said when everything is up.
final class Banner {
    private Banner() {}

    /// Where the API is, where the key and the data are, and a first thing to try.
    static String up(Stack stack) {
        String provider = stack.simulatorPort().isPresent()
                ? "the simulator on http://127.0.0.1:" + stack.simulatorPort().getAsInt()
                        + " (no LONGSHORE_CONFIG: nothing leaves this machine)"
                : "as LONGSHORE_CONFIG says";
        return """

                Longshore is up after %.1f s.
                  API        %s        (document: /openapi, page: /openapi/ui)
                  API key    %s        (kept in %s, mode 0600)
                  Provider   %s
                  Data       %s        (logs in logs/)
                Try it:
                  curl -s %s/v1/jobs -H "Authorization: Bearer $(cat %s)" -H 'Content-Type: application/json' \\
                    -H 'Prefer: wait=10' -d '{"operation":"chat","input":{"model":"sim-small","messages":[{"role":"user","content":"Hello"}]}}'
                Ctrl-C drains the workers and stops everything.
                """.formatted(
                        stack.seconds(),
                        stack.api(),
                        stack.apiKey(),
                        stack.folder().resolve("api-key"),
                        provider,
                        stack.folder(),
                        stack.api(),
                        stack.folder().resolve("api-key"));
    }

    /// Where to look after the demo's work is done.
    static String next(Stack stack, String jobId) {
        String authorization =
                "-H \"Authorization: Bearer $(cat " + stack.folder().resolve("api-key") + ")\"";
        var text = new StringBuilder("\nStill serving. Where to look next:\n");
        text.append("  one of these jobs       curl -s ")
                .append(authorization)
                .append(' ')
                .append(stack.api())
                .append("/v1/jobs/")
                .append(jobId)
                .append('\n');
        text.append("  how it got there        curl -s ")
                .append(authorization)
                .append(' ')
                .append(stack.api())
                .append("/v1/jobs/")
                .append(jobId)
                .append("/timeline\n");
        text.append("  every call              ").append(stack.api()).append("/openapi/ui (document: /openapi)\n");
        stack.simulatorPort()
                .ifPresent(
                        port -> text.append("  make the provider fail  curl -s -X PUT http://127.0.0.1:")
                                .append(port)
                                .append(
                                        "/_sim/script -d '{\"models\":{\"sim-small\":{\"faults\":[{\"kind\":\"status\",\"status\":503,\"probability\":0.5}]}}}'\n"));
        text.append("  the API key             ")
                .append(stack.folder().resolve("api-key"))
                .append('\n');
        text.append("  logs                    ")
                .append(stack.folder().resolve("logs"))
                .append('\n');
        text.append("Kill any process and watch it come back. Ctrl-C drains the worker and stops everything.\n");
        return text.toString();
    }
}
