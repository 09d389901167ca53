package dev.longshore.api.catalogue;

import dev.longshore.money.Price;
import dev.longshore.settings.Capability;
import java.util.OptionalInt;
import java.util.Set;

/// One model that callers may name.
///
/// @param name our own name for it, under which jobs are stored
/// @param version the provider's name for it
/// @param contextTokens what input and output may have together, where it is known
/// @param maxOutputTokens what the output may have, where it is known
public record Model(
        String name,
        String version,
        OptionalInt contextTokens,
        OptionalInt maxOutputTokens,
        Price price,
        Set<Capability> capabilities,
        Lifetime lifetime) {
    public Model {
        capabilities = Set.copyOf(capabilities);
    }
}
