package dev.longshore.worker.provider;

import dev.longshore.attempt.Headroom;
import dev.longshore.attempt.Headroom.Left;
import io.vertx.core.MultiMap;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a provider says that it will still take, beside an answer: OpenAI's `x-ratelimit-remaining-*` with resets such
/// as `6m0s`, Anthropic's `anthropic-ratelimit-*-remaining` with resets as times (RFC 3339).
final class RateLimitHeaders {
    private static final Pattern NUMBER = Pattern.compile("\\d{1,15}");
    private static final Pattern PART = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|h|m|s)");
    private static final Pattern DURATION = Pattern.compile("(?:" + PART.pattern() + "){1,4}");

    /// No provider counts over a longer time; what says more is a mistake.
    private static final Duration LONGEST = Duration.ofDays(1);

    /// A reset that is due is not known to have come about.
    private static final Duration SHORTEST = Duration.ofMillis(100);

    /// Three headers that belong together, `%s` for which of them.
    private static final String OPENAI = "x-ratelimit-%s-";

    private static final String ANTHROPIC = "anthropic-ratelimit-";

    private RateLimitHeaders() {}

    /// @return null when the provider said nothing that can be understood
    static @Nullable Headroom in(MultiMap headers, Instant now) {
        Left requests = scarcer(openAi(headers, "requests", now), anthropic(headers, "requests", now));
        Left tokens = openAi(headers, "tokens", now);
        for (String kind : List.of("tokens", "input-tokens", "output-tokens")) {
            tokens = scarcer(tokens, anthropic(headers, kind, now));
        }
        return requests == null && tokens == null ? null : new Headroom(requests, tokens);
    }

    private static @Nullable Left scarcer(@Nullable Left one, @Nullable Left other) {
        return one == null || other != null && other.now() < one.now() ? other : one;
    }

    private static @Nullable Left openAi(MultiMap headers, String kind, Instant now) {
        return left(
                headers.get(OPENAI.formatted("limit") + kind),
                headers.get(OPENAI.formatted("remaining") + kind),
                headers.get(OPENAI.formatted("reset") + kind),
                now);
    }

    private static @Nullable Left anthropic(MultiMap headers, String kind, Instant now) {
        return left(
                headers.get(ANTHROPIC + kind + "-limit"),
                headers.get(ANTHROPIC + kind + "-remaining"),
                headers.get(ANTHROPIC + kind + "-reset"),
                now);
    }

    /// Both providers fill up evenly and say when they are full again, which tells how fast.
    private static @Nullable Left left(
            @Nullable String limit, @Nullable String remaining, @Nullable String reset, Instant now) {
        if (remaining == null
                || reset == null
                || !NUMBER.matcher(remaining.strip()).matches()) {
            return null;
        }
        Duration full = duration(reset.strip(), now);
        if (full == null) {
            return null;
        }
        long left = Long.parseLong(remaining.strip());
        long whole = limit != null && NUMBER.matcher(limit.strip()).matches() ? Long.parseLong(limit.strip()) : 0;
        double seconds = Math.max(full.toMillis(), SHORTEST.toMillis()) / 1_000.0;
        // Without a limit all that is known is that there is something again by then.
        return new Left(left, Math.max(1, whole - left) / seconds);
    }

    private static @Nullable Duration duration(String text, Instant now) {
        Duration length;
        if (DURATION.matcher(text).matches()) {
            double millis = 0;
            Matcher part = PART.matcher(text);
            while (part.find()) {
                double number = Double.parseDouble(part.group(1));
                millis += switch (part.group(2)) {
                    case "h" -> number * 3_600_000;
                    case "m" -> number * 60_000;
                    case "s" -> number * 1_000;
                    default -> number;
                };
            }
            length = Duration.ofMillis((long) Math.ceil(millis));
        } else {
            try {
                length = Duration.between(now, Instant.parse(text));
            } catch (DateTimeException _) {
                return null;
            }
        }
        return length.isNegative() ? Duration.ZERO : length.compareTo(LONGEST) > 0 ? LONGEST : length;
    }
}
