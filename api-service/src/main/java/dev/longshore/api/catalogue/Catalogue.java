package dev.longshore.api.catalogue;

import dev.longshore.api.catalogue.Lifetime.Stage;
import dev.longshore.money.Price;
import dev.longshore.settings.Capability;
import dev.longshore.settings.ModelSettings;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The models of the operator's file, ready to be asked about on every request.
public final class Catalogue {
    private final List<Model> models;
    private final Map<String, Model> byWord;

    public Catalogue(Map<String, ModelSettings> settings) {
        Map<String, Model> byName = new TreeMap<>();
        Map<String, Model> words = new HashMap<>();
        settings.forEach((name, each) -> {
            Model model = model(name, each);
            byName.put(name, model);
            words.put(name, model);
            each.aliases().orElse(List.of()).forEach(alias -> words.put(alias, model));
        });
        models = List.copyOf(byName.values());
        byWord = Map.copyOf(words);
    }

    private static Model model(String name, ModelSettings model) {
        var prices = model.usdPerMillion();
        return new Model(
                name,
                model.name().orElse(name),
                model.contextTokens(),
                model.maxOutputTokens(),
                new Price(prices.input(), prices.cachedInput().orElse(prices.input()), prices.output()),
                model.capabilities(),
                new Lifetime(
                        model.deprecatedFrom().orElse(null),
                        model.shutdownAt().orElse(null),
                        model.successor().orElse(null)));
    }

    /// All models in the order of their names, those that are shut down included.
    public List<Model> all() {
        return models;
    }

    /// The model of this name or alias.
    public Optional<Model> find(String word) {
        return Optional.ofNullable(byWord.get(word));
    }

    /// What to ask when a caller names this model, or uses this alias, now.
    public Choice choose(String word, Instant now) {
        Model named = byWord.get(word);
        if (named == null) {
            return new Choice.Unknown();
        }
        return switch (named.lifetime().at(now)) {
            case AVAILABLE -> new Choice.Open(named, named, Stage.AVAILABLE, null);
            case DEPRECATED -> new Choice.Open(named, named, Stage.DEPRECATED, after(named, now));
            case SHUT_DOWN -> {
                Model next = after(named, now);
                yield next == null ? new Choice.Gone(named) : new Choice.Open(named, next, Stage.SHUT_DOWN, next);
            }
        };
    }

    /// The names of the models that can do this now and will go on doing so.
    public List<String> able(Capability needed, Instant now) {
        return models.stream()
                .filter(model -> model.capabilities().contains(needed))
                .filter(model -> model.lifetime().at(now) == Stage.AVAILABLE)
                .map(Model::name)
                .toList();
    }

    /// The first model in the line of successors that is not shut down; null when there is none. The line ends:
    /// settings in which it leads back are refused at start.
    private @Nullable Model after(Model model, Instant now) {
        Model next = successor(model);
        while (next != null && next.lifetime().at(now) == Stage.SHUT_DOWN) {
            next = successor(next);
        }
        return next;
    }

    private @Nullable Model successor(Model model) {
        String name = model.lifetime().successor();
        return name == null ? null : byWord.get(name);
    }
}
