package dev.longshore.simulator;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.longshore.simulator.tongue.Json;
import dev.longshore.simulator.tongue.Keys;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Everything that can be told to the simulator. The JSON form is described in the README of this module.
///
/// @param seed from which all chance is drawn; 1 if absent
/// @param defaults (`default`) the behaviour of models that say nothing of their own
/// @param models behaviour by model name
/// @param knownModels if given, any other model is a 404
/// @param acceptedKeys if given, a call with any other key is a 401
public record Script(
        @Nullable Long seed,
        @JsonProperty("default") @Nullable Behaviour defaults,
        @Nullable Map<String, Behaviour> models,
        @Nullable List<String> knownModels,
        @Nullable List<String> acceptedKeys) {

    /// Nothing scripted: every model answers at once.
    public static final Script EMPTY = new Script(null, null, null, null, null);

    public Script {
        models = models == null ? Map.of() : Map.copyOf(models);
        knownModels = knownModels == null ? null : List.copyOf(knownModels);
        acceptedKeys = acceptedKeys == null ? null : List.copyOf(acceptedKeys);
    }

    /// The script that a JSON text describes; [IllegalArgumentException] with the place and the reason if it does not.
    public static Script parse(String json) {
        try {
            Script script = Json.MAPPER.readValue(json, Script.class);
            if (script == null) {
                throw new IllegalArgumentException("the script is null");
            }
            return script;
        } catch (JsonMappingException e) {
            throw new IllegalArgumentException("the script is wrong at " + place(e) + ": " + reason(e), e);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the script is no JSON: " + e.getOriginalMessage(), e);
        }
    }

    /// The same with another behaviour for one model.
    public Script with(String model, Behaviour behaviour) {
        Map<String, Behaviour> more = new LinkedHashMap<>(models == null ? Map.of() : models);
        more.put(model, behaviour);
        return new Script(seed, defaults, more, knownModels, acceptedKeys);
    }

    /// What this script says about a model, with its defaults filled in.
    Behaviour behaviourOf(String model) {
        Behaviour own = models == null ? null : models.get(model);
        Behaviour common = defaults == null ? Behaviour.ORDINARY : defaults;
        return own == null ? common : Behaviour.over(own, common);
    }

    /// The same with keys reduced to what the call log shows of them.
    Script masked() {
        return acceptedKeys == null
                ? this
                : new Script(
                        seed,
                        defaults,
                        models,
                        knownModels,
                        acceptedKeys.stream().map(Keys::mask).toList());
    }

    /// Where in the JSON it is wrong: `models.sim-small.faults[0].kind`.
    private static String place(JsonMappingException e) {
        StringBuilder place = new StringBuilder();
        for (JsonMappingException.Reference step : e.getPath()) {
            if (step.getFieldName() == null) {
                place.append('[').append(step.getIndex()).append(']');
            } else {
                place.append(place.isEmpty() ? "" : ".").append(step.getFieldName());
            }
        }
        return place.isEmpty() ? "its top" : place.toString();
    }

    private static String reason(JsonMappingException e) {
        if (e instanceof UnrecognizedPropertyException) {
            return "there is no such field";
        }
        Throwable cause = e.getCause();
        String message = cause instanceof IllegalArgumentException ? cause.getMessage() : e.getOriginalMessage();
        return message == null ? "unreadable" : message;
    }
}
