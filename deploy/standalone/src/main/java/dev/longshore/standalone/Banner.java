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
                  API        %s        (document: /openapi, page: /q/swagger-ui)
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
}
