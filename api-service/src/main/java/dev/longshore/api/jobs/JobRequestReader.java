package dev.longshore.api.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.f4b6a3.uuid.factory.standard.TimeOrderedEpochFactory;
import dev.longshore.api.catalogue.Catalogue;
import dev.longshore.api.catalogue.Choice;
import dev.longshore.api.request.Caller;
import dev.longshore.api.request.Faults;
import dev.longshore.api.request.Fields;
import dev.longshore.api.request.JsonBody;
import dev.longshore.api.request.Labels;
import dev.longshore.api.request.Trace;
import dev.longshore.attempt.ErrorClass;
import dev.longshore.job.JobId;
import dev.longshore.job.NewJob;
import dev.longshore.job.NewJob.IdempotencyGuard;
import dev.longshore.job.NewJob.Webhook;
import dev.longshore.lane.Lane;
import dev.longshore.money.Usd;
import dev.longshore.problem.Problem;
import dev.longshore.problem.ProblemCode;
import dev.longshore.problem.Refusal;
import dev.longshore.settings.Capability;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Turns a request into a job, or says all that is wrong with it. Looks at nothing but its arguments,
/// the catalogue and the clock.
final class JobRequestReader {
    static final int LONGEST_DEADLINE_SECONDS = 30 * 24 * 3600;
    static final int FURTHEST_START_SECONDS = 30 * 24 * 3600;
    static final int MOST_ATTEMPTS = 20;
    static final int LONGEST_DELAY_SECONDS = 24 * 3600;
    static final BigDecimal HIGHEST_COST = BigDecimal.valueOf(1_000_000);

    private static final Set<String> FIELDS = Set.of(
            "operation",
            "input",
            "lane",
            "priority",
            "run_at",
            "delay_seconds",
            "deadline_seconds",
            "retry",
            "fallback",
            "cache",
            "max_cost_usd",
            "on_unknown_outcome",
            "data_class",
            "region",
            "webhook",
            "labels",
            IdempotencyKey.FIELD);
    private static final Set<String> RETRY_FIELDS = Set.of(
            "max_attempts",
            "initial_delay_seconds",
            "multiplier",
            "max_delay_seconds",
            "jitter",
            "retry_on",
            "after_last");
    private static final Set<String> LANES =
            Arrays.stream(Lane.values()).map(Lane::word).collect(Collectors.toUnmodifiableSet());
    private static final Set<String> CACHES = Set.of("default", "no-store", "only-if-cached", "refresh");
    private static final Set<String> ON_UNKNOWN = Set.of("retry", "fail");
    private static final Set<String> DATA_CLASSES = Set.of("public", "internal", "confidential", "restricted");
    private static final Set<String> AFTER_LAST = Set.of("dead_letter", "discard");

    /// The options that travel with the job, and what each means when it is left out.
    private static final Map<String, String> OPTIONS = Map.of(
            "retry", "",
            "fallback", "true",
            "cache", "default",
            "max_cost_usd", "",
            "on_unknown_outcome", "retry",
            "data_class", "",
            "region", "");

    private static final Pattern OPERATION = Pattern.compile("([a-z0-9][a-z0-9_.-]{0,63})(?:@([0-9]{1,9}))?");
    private static final Pattern REGION = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");

    /// Keys that we make for requests without one begin with a character that no client can send.
    private static final String DEDUPE_PREFIX = " ";

    private final ModelCheck models;
    private final WebhookField webhooks;
    private final Map<Lane, LaneDefaults> lanes;
    private final Duration keyRetention;
    private final Duration dedupeWindow;
    private final InstantSource clock;
    private final TimeOrderedEpochFactory ids;

    JobRequestReader(
            Catalogue catalogue,
            WebhookField webhooks,
            Map<Lane, LaneDefaults> lanes,
            Duration keyRetention,
            Duration dedupeWindow,
            InstantSource clock,
            TimeOrderedEpochFactory ids) {
        models = new ModelCheck(catalogue);
        this.webhooks = webhooks;
        this.lanes = Map.copyOf(lanes);
        this.keyRetention = keyRetention;
        this.dedupeWindow = dedupeWindow;
        this.clock = clock;
        this.ids = ids;
    }

    /// @param keyHeaders the headers `Idempotency-Key`, of which there should be one at most
    /// @throws Refusal naming everything that is wrong with it at any time
    ReadJob read(byte[] bytes, List<String> keyHeaders, Caller caller, Trace trace) {
        JsonBody body = JsonBody.read(bytes, "input");
        ObjectNode root = body.root();
        String key = IdempotencyKey.of(keyHeaders, root.get(IdempotencyKey.FIELD));
        Instant now = clock.instant();
        Faults faults = new Faults();
        Fields fields = new Fields(root, "", faults);
        fields.only(FIELDS);

        Optional<String> operation = operation(fields);
        boolean embed = operation.isPresent() && operation.get().equals("embed");
        InputCheck input = new InputCheck(fields, faults);
        String modelName = operation.isPresent() ? input.model(embed) : null;

        Lane lane = Optional.ofNullable(fields.word("lane", LANES))
                .flatMap(Lane::of)
                .orElse(Lane.STANDARD);
        LaneDefaults defaults = Objects.requireNonNull(lanes.get(lane));
        Integer priority = fields.whole("priority", -100, 100);
        Instant runAt = start(fields, now);
        Integer deadline = fields.whole("deadline_seconds", 1, LONGEST_DEADLINE_SECONDS);
        Integer attempts = retry(fields, faults);
        Boolean fallback = fields.flag("fallback");
        fields.word("cache", CACHES);
        BigDecimal maxCost = fields.number("max_cost_usd", BigDecimal.ZERO, HIGHEST_COST);
        String onUnknown = fields.word("on_unknown_outcome", ON_UNKNOWN);
        fields.word("data_class", DATA_CLASSES);
        region(fields);
        Webhook webhook = webhooks.read(fields, caller.tenantId(), faults);
        String labels = Labels.read(fields, "labels", "/labels", faults);
        faults.refuseIfAny();

        if (operation.isEmpty()) {
            throw new Refusal(Problem.of(
                    ProblemCode.UNKNOWN_OPERATION,
                    "There is no operation '" + fields.text("operation") + "'. There are: chat, embed.",
                    "operation"));
        }
        IdempotencyGuard guard = guard(key, root);
        Choice.Open choice;
        try {
            choice = models.open(
                    Objects.requireNonNull(modelName),
                    embed ? Capability.EMBED : Capability.CHAT,
                    !Boolean.FALSE.equals(fallback),
                    now);
        } catch (Refusal refusal) {
            return new ReadJob.WithoutModel(caller.tenantId(), guard, refusal);
        }
        NewJob job = new NewJob(
                new JobId(ids.create()),
                caller.tenantId(),
                operation.get(),
                1,
                lane,
                priority == null ? 0 : priority,
                choice.model().name(),
                Objects.requireNonNull(body.raw()),
                options(root),
                labels,
                attempts == null ? defaults.maxAttempts() : attempts,
                deadline == null ? defaults.deadline() : Duration.ofSeconds(deadline),
                runAt,
                "fail".equals(onUnknown),
                trace.traceUuid(),
                guard,
                false,
                webhook);
        return new CheckedJob(
                job,
                runAt != null && runAt.isAfter(now),
                embed,
                choice,
                Objects.requireNonNull(root.get("input")),
                bytes.length,
                maxCost == null ? null : Usd.of(maxCost));
    }

    /// The name of a built-in operation; empty when it names another, or something is wrong with it.
    private static Optional<String> operation(Fields fields) {
        String text = fields.text("operation");
        if (text == null) {
            if (fields.get("operation") == null) {
                fields.wrong("operation", "is required");
            }
            return Optional.empty();
        }
        Matcher name = OPERATION.matcher(text);
        if (!name.matches()) {
            fields.wrong("operation", "must be a name such as chat or chat@1");
            return Optional.empty();
        }
        boolean builtIn = (name.group(1).equals("chat") || name.group(1).equals("embed"))
                && (name.group(2) == null || name.group(2).equals("1"));
        return builtIn ? Optional.of(name.group(1)) : Optional.empty();
    }

    private static @Nullable Instant start(Fields fields, Instant now) {
        String at = fields.text("run_at");
        Integer delay = fields.whole("delay_seconds", 0, FURTHEST_START_SECONDS);
        if (at != null && delay != null) {
            fields.wrong("delay_seconds", "cannot be given together with run_at");
            return null;
        }
        if (delay != null) {
            return delay == 0 ? null : now.plusSeconds(delay);
        }
        if (at == null) {
            return null;
        }
        try {
            Instant start = OffsetDateTime.parse(at).toInstant();
            if (start.isAfter(now.plusSeconds(FURTHEST_START_SECONDS))) {
                fields.wrong("run_at", "must be at most " + FURTHEST_START_SECONDS / 86_400 + " days ahead");
                return null;
            }
            return start.isAfter(now) ? start : null;
        } catch (DateTimeParseException _) {
            fields.wrong("run_at", "must be a time such as 2026-11-21T08:00:00Z");
            return null;
        }
    }

    private static @Nullable Integer retry(Fields fields, Faults faults) {
        JsonNode retry = fields.object("retry");
        if (retry == null) {
            return null;
        }
        Fields inner = new Fields(retry, "/retry", faults);
        inner.only(RETRY_FIELDS);
        BigDecimal longest = BigDecimal.valueOf(LONGEST_DELAY_SECONDS);
        inner.number("initial_delay_seconds", BigDecimal.ZERO, longest);
        inner.number("max_delay_seconds", BigDecimal.ZERO, longest);
        inner.number("multiplier", BigDecimal.ONE, BigDecimal.valueOf(100));
        inner.number("jitter", BigDecimal.ZERO, BigDecimal.ONE);
        inner.word("after_last", AFTER_LAST);
        JsonNode classes = inner.get("retry_on");
        if (classes != null) {
            boolean known = classes.isArray();
            for (JsonNode one : classes) {
                known &= one.isTextual() && ErrorClass.of(one.textValue()).isPresent();
            }
            if (!known) {
                inner.wrong("retry_on", "must be a list of error classes such as transient, timeout");
            }
        }
        return inner.whole("max_attempts", 1, MOST_ATTEMPTS);
    }

    private static void region(Fields fields) {
        String region = fields.text("region");
        if (region != null && !REGION.matcher(region).matches()) {
            fields.wrong("region", "must be a name such as eu");
        }
    }

    private static @Nullable String options(ObjectNode root) {
        ObjectNode options = JsonNodeFactory.instance.objectNode();
        OPTIONS.forEach((name, usual) -> {
            JsonNode value = root.get(name);
            if (value != null && !value.isNull() && !value.asText().equals(usual)
                    || value != null && value.isObject()) {
                options.set(name, value);
            }
        });
        return options.isEmpty() ? null : options.toString();
    }

    private @Nullable IdempotencyGuard guard(@Nullable String key, ObjectNode root) {
        if (key != null) {
            return new IdempotencyGuard(key, Fingerprint.of(root, IdempotencyKey.FIELD), keyRetention);
        }
        if (dedupeWindow.isZero()) {
            return null;
        }
        byte[] fingerprint = Fingerprint.of(root, IdempotencyKey.FIELD);
        return new IdempotencyGuard(DEDUPE_PREFIX + HexFormat.of().formatHex(fingerprint), fingerprint, dedupeWindow);
    }
}
