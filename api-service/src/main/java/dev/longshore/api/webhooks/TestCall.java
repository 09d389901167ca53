package dev.longshore.api.webhooks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.f4b6a3.uuid.factory.standard.TimeOrderedEpochFactory;
import dev.longshore.api.request.PublicId;
import dev.longshore.webhook.CallOutcome;
import dev.longshore.webhook.CallOutcome.Answered;
import dev.longshore.webhook.CallOutcome.Forbidden;
import dev.longshore.webhook.CallOutcome.NotReached;
import dev.longshore.webhook.SigningSecret;
import dev.longshore.webhook.WebhookCaller;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/// Calls an endpoint while its owner waits. The call is signed and guarded as all are.
@Singleton
final class TestCall {
    private static final String TYPE = "webhook.test";

    private final WebhookCaller caller;
    private final ObjectMapper mapper;
    private final TimeOrderedEpochFactory ids;
    private final InstantSource clock;

    TestCall(WebhookCaller caller, ObjectMapper mapper, TimeOrderedEpochFactory ids, InstantSource clock) {
        this.caller = caller;
        this.mapper = mapper;
        this.ids = ids;
        this.clock = clock;
    }

    /// What is sent.
    private record Event(String id, String type, Instant timestamp, Map<String, String> data) {}

    /// Waits for the end of the call, which comes within seconds.
    ///
    /// @param endpointId as callers write it
    TestView call(String endpointId, String url, List<SigningSecret> secrets) throws InterruptedException {
        String id = PublicId.of(PublicId.EVENT, ids.create());
        byte[] body;
        try {
            body = mapper.writeValueAsBytes(new Event(id, TYPE, clock.instant(), Map.of("endpoint_id", endpointId)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the event is made of plain values", e);
        }
        return view(id, caller.post(url, id, body, secrets));
    }

    private static TestView view(String id, CallOutcome outcome) {
        return switch (outcome) {
            case Answered answered ->
                new TestView(
                        id, answered.isSuccess(), answered.status(), millis(answered.latency()), answered.text(), null);
            case NotReached(var reason, var latency) -> new TestView(id, false, null, millis(latency), null, reason);
            case Forbidden(var reason) -> new TestView(id, false, null, null, null, reason);
        };
    }

    private static long millis(Duration latency) {
        return latency.toMillis();
    }
}
