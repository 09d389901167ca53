package dev.longshore.simulator;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/// What all request bodies have in common.
final class Bodies {

    private Bodies() {}

    static void openObject(JsonParser parser) throws IOException, BadAsk {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            throw unreadable();
        }
    }

    static BadAsk unreadable() {
        return new BadAsk(
                "We could not parse the JSON body of your request. (HINT: This likely means you aren't using your HTTP"
                        + " library correctly. The API expects a JSON payload, but what was sent was not valid JSON.)",
                null,
                null);
    }

    static BadAsk missing(String param) {
        return param.equals("model")
                ? new BadAsk("you must provide a model parameter", null, null)
                : new BadAsk("Missing required parameter: '" + param + "'.", param, "missing_required_parameter");
    }
}
