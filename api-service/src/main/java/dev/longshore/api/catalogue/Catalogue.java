package dev.longshore.api.catalogue;

import dev.longshore.money.Price;
import dev.longshore.settings.ModelSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The models of the operator's file, ready to be asked about on every request.
public final class Catalogue {
    private final Map<String, Model> models;

    public Catalogue(Map<String, ModelSettings> settings) {
        Map<String, Model> byName = new HashMap<>();
        settings.forEach((name, model) -> {
            var prices = model.usdPerMillion();
            var price = new Price(prices.input(), prices.cachedInput().orElse(prices.input()), prices.output());
            byName.put(
                    name, new Model(name, model.contextTokens(), model.maxOutputTokens(), price, model.capabilities()));
        });
        models = Map.copyOf(byName);
    }

    public Optional<Model> find(String name) {
        return Optional.ofNullable(models.get(name));
    }
}
