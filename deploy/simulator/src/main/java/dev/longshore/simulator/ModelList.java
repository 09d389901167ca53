package dev.longshore.simulator;

import dev.longshore.simulator.tongue.Complaint;
import dev.longshore.simulator.tongue.Json;
import dev.longshore.simulator.tongue.Stamp;
import dev.longshore.simulator.tongue.Trouble;
import io.vertx.core.http.HttpServerRequest;
import java.util.LinkedHashMap;
import java.util.Map;

/// `GET /v1/models`, with what each model costs.
final class ModelList {

    /// When paper models were made: the first second of 2026.
    private static final long CREATED = 1_767_225_600;

    private ModelList() {}

    static void all(HttpServerRequest request, Stage stage) {
        Map<String, Object> list = new LinkedHashMap<>();
        list.put("object", "list");
        list.put("data", stage.names().stream().map(name -> entry(name, stage)).toList());
        Replies.json(request, 200, Json.write(list));
    }

    static void one(HttpServerRequest request, Stage stage, String name) {
        if (stage.names().contains(name)) {
            Replies.json(request, 200, Json.write(entry(name, stage)));
        } else {
            Replies.json(
                    request,
                    404,
                    Replies.HOST.write(
                            new Trouble.Senseless("", "model", null),
                            new Complaint(404, "model_not_found", "The model '" + name + "' does not exist"),
                            Stamp.NONE));
        }
    }

    private static Map<String, Object> entry(String name, Stage stage) {
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("id", name);
        model.put("object", "model");
        model.put("created", CREATED);
        model.put("owned_by", "simulator");
        Prices prices = stage.behaviourOf(name).prices();
        if (prices != null) {
            model.put("usd_per_million", prices);
        }
        return model;
    }
}
