package dev.longshore.road;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.longshore.job.JobId;
import dev.longshore.job.JobStatus;
import dev.longshore.outbox.EventSequence;
import dev.longshore.road.JobNews.Changed;
import dev.longshore.road.JobNews.Progress;
import dev.longshore.road.JobNews.Token;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the value of a record of the [EventTopic]. Whatever else stands in it is passed over.
final class EventReading {
    private static final JsonFactory JSON = JsonFactory.builder()
            // Names that a stranger put there must not pile up in a shared table.
            .configure(JsonFactory.Feature.INTERN_FIELD_NAMES, false)
            .configure(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES, false)
            .build();

    private long number = -1;
    private @Nullable String type;
    private @Nullable String status;
    private @Nullable String text;
    private @Nullable String message;
    private double progress = Double.NaN;

    private EventReading() {}

    /// @return empty when it is no event that we know
    static Optional<JobNews> of(JobId job, byte[] value) {
        EventReading reading = new EventReading();
        try (JsonParser json = JSON.createParser(value)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            reading.members(json);
        } catch (IOException _) {
            return Optional.empty();
        }
        return reading.news(job);
    }

    private void members(JsonParser json) throws IOException {
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            JsonToken token = json.nextToken();
            switch (name) {
                case "seq" -> number = whole(json, token);
                case "type" -> type = text(json, token);
                case "data" -> {
                    if (token == JsonToken.START_OBJECT) {
                        data(json);
                    } else {
                        json.skipChildren();
                    }
                }
                default -> json.skipChildren();
            }
        }
    }

    private void data(JsonParser json) throws IOException {
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            JsonToken token = json.nextToken();
            switch (name) {
                case "status" -> status = text(json, token);
                case "token" -> text = text(json, token);
                case "message" -> message = text(json, token);
                case "progress" -> progress = number(json, token);
                default -> json.skipChildren();
            }
        }
    }

    private static @Nullable String text(JsonParser json, JsonToken token) throws IOException {
        json.skipChildren();
        return token == JsonToken.VALUE_STRING ? json.getText() : null;
    }

    private static long whole(JsonParser json, JsonToken token) throws IOException {
        json.skipChildren();
        return token == JsonToken.VALUE_NUMBER_INT ? json.getLongValue() : -1;
    }

    private static double number(JsonParser json, JsonToken token) throws IOException {
        json.skipChildren();
        return token.isNumeric() ? json.getDoubleValue() : Double.NaN;
    }

    private Optional<JobNews> news(JobId job) {
        if (type == null || number < 0 || number > EventSequence.LAST) {
            return Optional.empty();
        }
        if (type.equals(EventTopic.TOKEN)) {
            return text != null && EventSequence.isSaid(number)
                    ? Optional.of(new Token(job, number, text))
                    : Optional.empty();
        }
        if (type.equals(EventTopic.PROGRESS)) {
            return Double.isFinite(progress) && EventSequence.isSaid(number)
                    ? Optional.of(new Progress(job, number, progress, message))
                    : Optional.empty();
        }
        return status == null
                ? Optional.empty()
                : JobStatus.of(status).map(changed -> new Changed(job, number, changed));
    }
}
