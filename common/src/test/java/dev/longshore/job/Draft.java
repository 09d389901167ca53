package dev.longshore.job;

import dev.longshore.job.NewJob.IdempotencyGuard;
import dev.longshore.job.NewJob.Webhook;
import dev.longshore.lane.Lane;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// An ordinary job that a test makes special in the one way that it is about.
public final class Draft {
    private static final AtomicLong NEXT = new AtomicLong();

    private JobId id;
    private int tenantId = 1;
    private Lane lane = Lane.STANDARD;
    private int priority;
    private String input = "{\"model\":\"m\"}";
    private @Nullable String options;
    private @Nullable String labels;
    private int maxAttempts = 5;
    private Duration deadline = Duration.ofHours(1);
    private @Nullable Instant runAt;
    private boolean failOnUnknown;
    private @Nullable UUID traceId;
    private @Nullable IdempotencyGuard guard;
    private boolean direct = true;
    private @Nullable Webhook webhook;

    private Draft(Instant now) {
        long number = NEXT.incrementAndGet();
        // The layout of version 7: milliseconds, version, then a counter where others have chance.
        id = new JobId(new UUID(
                now.toEpochMilli() << 16 | 0x7000 | number >>> 32 & 0xFFF,
                0x8000_0000_0000_0000L | number & 0xFFFF_FFFFL));
    }

    public static Draft at(Instant now) {
        return new Draft(now);
    }

    public Draft id(JobId value) {
        id = value;
        return this;
    }

    public Draft tenant(int value) {
        tenantId = value;
        return this;
    }

    public Draft lane(Lane value) {
        lane = value;
        return this;
    }

    public Draft priority(int value) {
        priority = value;
        return this;
    }

    public Draft input(String value) {
        input = value;
        return this;
    }

    public Draft options(String value) {
        options = value;
        return this;
    }

    public Draft labels(String value) {
        labels = value;
        return this;
    }

    public Draft maxAttempts(int value) {
        maxAttempts = value;
        return this;
    }

    public Draft deadline(Duration value) {
        deadline = value;
        return this;
    }

    public Draft runAt(Instant value) {
        runAt = value;
        return this;
    }

    public Draft failOnUnknown() {
        failOnUnknown = true;
        return this;
    }

    public Draft traceId(UUID value) {
        traceId = value;
        return this;
    }

    /// The body stands for all that the fingerprint is taken over.
    public Draft key(String key, String body) {
        return key(key, body, Duration.ofHours(24));
    }

    public Draft key(String key, String body, Duration retention) {
        guard = new IdempotencyGuard(key, sha256(body), retention);
        return this;
    }

    public Draft webhook(Webhook value) {
        webhook = value;
        return this;
    }

    /// The lane's window has no room for it.
    public Draft toBacklog() {
        direct = false;
        return this;
    }

    public NewJob job() {
        return new NewJob(
                id,
                tenantId,
                "chat",
                1,
                lane,
                priority,
                "m",
                input,
                options,
                labels,
                maxAttempts,
                deadline,
                runAt,
                failOnUnknown,
                traceId,
                guard,
                direct,
                webhook);
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java has SHA-256", e);
        }
    }
}
