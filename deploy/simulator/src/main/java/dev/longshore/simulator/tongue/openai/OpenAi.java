package dev.longshore.simulator.tongue.openai;

import dev.longshore.simulator.tongue.Allowance;
import dev.longshore.simulator.tongue.Complaint;
import dev.longshore.simulator.tongue.House;
import dev.longshore.simulator.tongue.Json;
import dev.longshore.simulator.tongue.Keys;
import dev.longshore.simulator.tongue.Stamp;
import dev.longshore.simulator.tongue.Tongue;
import dev.longshore.simulator.tongue.Trouble;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// OpenAI, and whoever speaks like it. Its errors have message, type, param and code, all four always.
public final class OpenAi implements House {

    private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("x-request-id");
    private static final CharSequence PROCESSING = HttpHeaders.createOptimized("openai-processing-ms");
    private static final CharSequence VERSION = HttpHeaders.createOptimized("openai-version");
    private static final CharSequence VERSION_DATE = HttpHeaders.createOptimized("2020-10-01");

    private final OpenAiChat chat = new OpenAiChat(this);
    private final OpenAiEmbeddings embeddings = new OpenAiEmbeddings(this);
    private final OpenAiResponses responses = new OpenAiResponses(this);

    @Override
    public @Nullable Tongue<?> at(String path) {
        return switch (path) {
            case "/v1/chat/completions" -> chat;
            case "/v1/embeddings" -> embeddings;
            case "/v1/responses" -> responses;
            default -> null;
        };
    }

    @Override
    public @Nullable String key(HttpServerRequest request) {
        return Keys.bearer(request);
    }

    @Override
    public Complaint complaint(Trouble trouble) {
        return OpenAiErrors.complaint(trouble);
    }

    @Override
    public Buffer write(Trouble trouble, Complaint complaint, Stamp stamp) {
        StringBuilder json = new StringBuilder(256).append("{\"error\":{\"message\":");
        Json.quote(json, complaint.message()).append(",\"type\":");
        Json.quote(json, OpenAiErrors.type(trouble, complaint.status())).append(",\"param\":");
        Json.nullable(json, OpenAiErrors.param(trouble)).append(",\"code\":");
        return Buffer.buffer(Json.nullable(json, complaint.code()).append("}}").toString());
    }

    @Override
    public void sign(MultiMap headers, Stamp stamp, long tookMs) {
        headers.set(REQUEST_ID, "req_" + stamp.id());
        headers.set(PROCESSING, Long.toString(tookMs));
        headers.set(VERSION, VERSION_DATE);
    }

    @Override
    public void allow(MultiMap headers, List<Allowance> allowances, long nowMs) {
        for (Allowance allowance : allowances) {
            headers.set("x-ratelimit-limit-" + allowance.what(), Integer.toString(allowance.limit()));
            headers.set("x-ratelimit-remaining-" + allowance.what(), Integer.toString(allowance.remaining()));
            headers.set("x-ratelimit-reset-" + allowance.what(), duration(allowance.resetMs()));
        }
    }

    @Override
    public void postpone(MultiMap headers, long retryMs) {
        House.super.postpone(headers, retryMs);
        headers.set("retry-after-ms", Long.toString(retryMs));
    }

    /// A time as OpenAI writes it: `20ms`, `1.2s`, `6m0s`.
    public static String duration(long millis) {
        if (millis < 1_000) {
            return millis + "ms";
        }
        String seconds =
                millis % 1_000 == 0 ? Long.toString(millis / 1_000 % 60) : Double.toString(millis % 60_000 / 1_000.0);
        return millis < 60_000 ? seconds + "s" : millis / 60_000 + "m" + seconds + "s";
    }
}
