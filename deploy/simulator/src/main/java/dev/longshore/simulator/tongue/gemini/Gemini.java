package dev.longshore.simulator.tongue.gemini;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.simulator.tongue.Complaint;
import dev.longshore.simulator.tongue.House;
import dev.longshore.simulator.tongue.Json;
import dev.longshore.simulator.tongue.Keys;
import dev.longshore.simulator.tongue.Stamp;
import dev.longshore.simulator.tongue.Tongue;
import dev.longshore.simulator.tongue.Trouble;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Google. The model and what is wanted of it are part of the path; errors are those of google.rpc, with details.
public final class Gemini implements House {

    private static final Pattern PATH =
            Pattern.compile("/v1(?:alpha|beta)?/(?:models/)?((?:tunedModels/)?[^/]+):([A-Za-z]+)");

    @Override
    public @Nullable Tongue<?> at(String path) {
        if (path.indexOf(':') < 0) {
            return null;
        }
        Matcher matcher = PATH.matcher(path);
        if (!matcher.matches()) {
            return null;
        }
        String model = decoded(matcher.group(1));
        return switch (matcher.group(2)) {
            case "generateContent" -> new GeminiContents(this, model, false);
            case "streamGenerateContent" -> new GeminiContents(this, model, true);
            case "embedContent" -> new GeminiEmbeddings(this, model, false);
            case "batchEmbedContents" -> new GeminiEmbeddings(this, model, true);
            default -> null;
        };
    }

    /// Percent signs only: a plus is a plus in a path.
    private static String decoded(String segment) {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return segment;
        }
    }

    @Override
    public @Nullable String key(HttpServerRequest request) {
        String key = request.getParam("key");
        return key == null ? Keys.headerOrBearer(request, "x-goog-api-key") : key;
    }

    @Override
    public Complaint complaint(Trouble trouble) {
        return GeminiErrors.complaint(trouble);
    }

    @Override
    public Buffer write(Trouble trouble, Complaint complaint, Stamp stamp) {
        ObjectNode json = Json.object();
        ObjectNode error = json.putObject("error").put("code", complaint.status());
        error.put("message", complaint.message()).put("status", complaint.code());
        ArrayNode details = GeminiErrors.details(trouble);
        if (!details.isEmpty()) {
            error.set("details", details);
        }
        return Json.write(json);
    }

    /// Said in the body, not in a header.
    @Override
    public void postpone(MultiMap headers, long retryMs) {}
}
