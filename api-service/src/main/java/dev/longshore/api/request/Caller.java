package dev.longshore.api.request;

import java.util.Set;

/// Who sent a request: a tenant, by one of its keys.
///
/// @param who for timelines, such as `key ci`
/// @param scopes what the key may be used for
public record Caller(int tenantId, String who, Set<Scope> scopes) {
    public Caller {
        scopes = Set.copyOf(scopes);
    }
}
