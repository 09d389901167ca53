package dev.longshore.simulator;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// A script being played: built anew with each script, so that call numbers and limits start afresh.
final class Stage {

    /// The models that exist without a script.
    static final Map<String, Behaviour> BUILT_IN = Map.of(
            "sim-small", priced(0.15, 0.075, 0.60),
            "sim-large", priced(2.50, 1.25, 10.00),
            "sim-embed", priced(0.02, 0.02, 0.00));

    /// How many models have numbers and limits of their own; further names share one stage.
    private static final int MOST_MODELS = 1_000;

    private static final String OTHERS = "";

    private final Script script;
    private final long seed;
    private final long startedAtMs;
    private final @Nullable Set<String> keys;
    private final @Nullable Set<String> known;
    private final Map<String, ModelStage> models = new ConcurrentHashMap<>();

    Stage(Script script, long nowMs) {
        this.script = script;
        this.seed = script.seed() == null ? 1 : script.seed();
        this.startedAtMs = nowMs;
        this.keys = script.acceptedKeys() == null ? null : Set.copyOf(script.acceptedKeys());
        this.known = script.knownModels() == null ? null : Set.copyOf(script.knownModels());
    }

    Script script() {
        return script;
    }

    boolean accepts(@Nullable String key) {
        return keys == null || key != null && keys.contains(key);
    }

    boolean knows(String model) {
        return known == null || known.contains(model);
    }

    ModelStage model(String name) {
        ModelStage stage = models.get(name);
        if (stage != null) {
            return stage;
        }
        return models.computeIfAbsent(models.size() < MOST_MODELS ? name : OTHERS, this::build);
    }

    void restart() {
        models.values().forEach(ModelStage::restart);
    }

    /// The names that `GET /v1/models` lists.
    Set<String> names() {
        if (known != null) {
            return new TreeSet<>(known);
        }
        Set<String> names = new TreeSet<>(BUILT_IN.keySet());
        if (script.models() != null) {
            names.addAll(script.models().keySet());
        }
        return names;
    }

    Behaviour behaviourOf(String name) {
        Behaviour scripted = script.behaviourOf(name);
        Behaviour builtIn = BUILT_IN.get(name);
        return builtIn == null ? scripted : Behaviour.over(scripted, builtIn);
    }

    private ModelStage build(String name) {
        return new ModelStage(name, behaviourOf(name), seed, startedAtMs);
    }

    private static Behaviour priced(double input, double cachedInput, double output) {
        return new Behaviour(
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                null,
                new Prices(input, cachedInput, output),
                null,
                null,
                null,
                null);
    }
}
