package dev.longshore.api.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.f4b6a3.uuid.factory.standard.TimeOrderedEpochFactory;
import dev.longshore.api.access.KeyHash;
import dev.longshore.api.errors.Problems;
import dev.longshore.api.request.Faults;
import dev.longshore.api.request.JsonBody;
import dev.longshore.api.request.Query;
import dev.longshore.api.request.Request;
import dev.longshore.api.request.Scope;
import dev.longshore.api.view.Answers;
import dev.longshore.api.view.Page;
import dev.longshore.problem.Problem;
import dev.longshore.problem.ProblemCode;
import dev.longshore.problem.Refusal;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.Response;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.exception.ConstraintViolationException;
import org.jspecify.annotations.Nullable;

/// Tenants and their keys. The entrance lets only keys with the scope `admin` come here.
@Singleton
@Path("/v1/admin/tenants")
@Tag(name = "Operators")
@RunOnVirtualThread
public class TenantsResource {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{0,62}");
    private static final Pattern TENANT_ID = Pattern.compile("tenant_([1-9][0-9]{0,8})");
    private static final Pattern KEY_ID = Pattern.compile("key_([0-9a-f]{32})");
    private static final int LONGEST_KEY_NAME = 100;
    private static final int SECRET_BYTES = 32;
    private static final int HINT_LENGTH = 4;
    private static final String KEY_PREFIX = "sk-longshore-";
    private static final int MOST_KEYS = 1_000;
    private static final Instant LATEST_EXPIRY = Instant.parse("9999-12-31T23:59:59Z");

    private final Answers answers;
    private final InstantSource clock;
    private final TimeOrderedEpochFactory ids;
    private final SecureRandom random = new SecureRandom();

    TenantsResource(Answers answers, InstantSource clock, TimeOrderedEpochFactory ids) {
        this.answers = answers;
        this.clock = clock;
        this.ids = ids;
    }

    @POST
    @Transactional
    @Operation(operationId = "createTenant", summary = "Make a tenant")
    @RequestBody(
            required = true,
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = NewTenant.class)))
    @APIResponse(
            responseCode = "201",
            description = "the tenant",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = TenantView.class)))
    public Response create(@Parameter(hidden = true) @Context RoutingContext context) {
        ObjectNode body = JsonBody.read(Request.body(context));
        Faults faults = new Faults();
        only(body, Set.of("name"), faults);
        String name = body.path("name").asText();
        if (!body.path("name").isTextual() || !NAME.matcher(name).matches()) {
            faults.add("/name", "must be 1 to 63 small letters, digits, _ or -, the first a letter or digit");
        }
        faults.refuseIfAny();
        if (Tenant.count("name", name) > 0) {
            throw nameTaken();
        }
        Tenant tenant = new Tenant();
        tenant.name = name;
        tenant.createdAt = clock.instant();
        try {
            tenant.persistAndFlush();
        } catch (ConstraintViolationException _) {
            // Somebody was faster since we looked.
            throw nameTaken();
        }
        TenantView view = TenantView.of(tenant);
        return answers.json(201, view)
                .header("Location", "/v1/admin/tenants/" + view.id())
                .build();
    }

    @GET
    @Transactional
    @Operation(operationId = "listTenants", summary = "List tenants, newest first")
    @APIResponse(
            responseCode = "200",
            description = "a page of tenants",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = TenantPage.class)))
    public Response list(@Parameter(hidden = true) @Context RoutingContext context) {
        Query query = new Query(context.queryParams());
        query.only(Set.of("limit", "after"), "");
        int limit = query.limit();
        String after = query.text("after");
        if (after != null && !TENANT_ID.matcher(after).matches()) {
            query.wrong("after", "must be the id of a tenant");
        }
        query.refuseIfAny();
        int below = after == null ? Integer.MAX_VALUE : Integer.parseInt(after.substring(TenantView.PREFIX.length()));
        List<TenantView> rows = Tenant.<Tenant>find("id < ?1 order by id desc", below).range(0, limit).list().stream()
                .map(TenantView::of)
                .toList();
        return answers.json(200, Page.of(rows, limit, TenantView::id)).build();
    }

    @POST
    @Path("/{id}/api-keys")
    @Transactional
    @Operation(operationId = "createApiKey", summary = "Make a key", description = "The key is shown this once.")
    @RequestBody(
            required = true,
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = NewKey.class)))
    @APIResponse(
            responseCode = "201",
            description = "the key, with the secret",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = ApiKeyView.class)))
    public Response createKey(@PathParam("id") String id, @Parameter(hidden = true) @Context RoutingContext context) {
        Tenant tenant = tenant(id);
        ObjectNode body = JsonBody.read(Request.body(context));
        Faults faults = new Faults();
        only(body, Set.of("name", "scopes", "expires_at"), faults);
        String name = body.path("name").asText();
        if (!body.path("name").isTextual() || name.isBlank() || name.length() > LONGEST_KEY_NAME || !printable(name)) {
            faults.add("/name", "must be a text of 1 to " + LONGEST_KEY_NAME + " characters");
        }
        List<String> scopes = scopes(body.get("scopes"), faults);
        Instant expiresAt = expiry(body.get("expires_at"), faults);
        faults.refuseIfAny();

        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        String secret = KEY_PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        ApiKey key = new ApiKey();
        key.id = ids.create();
        key.tenantId = tenant.id;
        key.name = name;
        key.hash = KeyHash.of(secret).bytes();
        key.hint = secret.substring(secret.length() - HINT_LENGTH);
        key.scopes = scopes.toArray(String[]::new);
        key.createdAt = clock.instant();
        key.expiresAt = expiresAt;
        key.persistAndFlush();
        return answers.json(201, ApiKeyView.of(key, secret)).build();
    }

    @GET
    @Path("/{id}/api-keys")
    @Transactional
    @Operation(operationId = "listApiKeys", summary = "List a tenant's keys, newest first, revoked ones included")
    @APIResponse(
            responseCode = "200",
            description = "the keys, without their secrets",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = ApiKeyPage.class)))
    public Response listKeys(@PathParam("id") String id, @Parameter(hidden = true) @Context RoutingContext context) {
        Query.none(context.queryParams());
        List<ApiKeyView> keys =
                ApiKey.<ApiKey>find("tenantId = ?1 order by id desc", tenant(id).id)
                        .range(0, MOST_KEYS - 1)
                        .list()
                        .stream()
                        .map(key -> ApiKeyView.of(key, null))
                        .toList();
        return answers.json(200, new Page<>(keys, false, null)).build();
    }

    @DELETE
    @Path("/{id}/api-keys/{key}")
    @Transactional
    @Operation(
            operationId = "revokeApiKey",
            summary = "Revoke a key",
            description = "It dies within seconds, everywhere, and cannot be revived.")
    @APIResponse(
            responseCode = "200",
            description = "the key, revoked",
            content = @Content(mediaType = "application/json", schema = @Schema(implementation = ApiKeyView.class)))
    public Response revoke(@PathParam("id") String id, @PathParam("key") String keyId) {
        Tenant tenant = tenant(id);
        var digits = KEY_ID.matcher(keyId);
        ApiKey key = digits.matches() ? ApiKey.findById(uuid(digits.group(1))) : null;
        if (key == null || !key.tenantId.equals(tenant.id)) {
            throw new Refusal(Problems.notFound("There is no such key."));
        }
        if (key.revokedAt == null) {
            key.revokedAt = clock.instant();
        }
        return answers.json(200, ApiKeyView.of(key, null)).build();
    }

    private static Refusal nameTaken() {
        return new Refusal(Problem.of(ProblemCode.CONFLICT, "There is a tenant of this name.", "name"));
    }

    private static Tenant tenant(String id) {
        var number = TENANT_ID.matcher(id);
        Tenant tenant = number.matches() ? Tenant.findById(Integer.valueOf(number.group(1))) : null;
        if (tenant == null) {
            throw new Refusal(Problems.notFound("There is no such tenant."));
        }
        return tenant;
    }

    private static List<String> scopes(@Nullable JsonNode scopes, Faults faults) {
        if (scopes == null || scopes.isNull()) {
            return List.of(Scope.JOBS.word());
        }
        List<String> words = new ArrayList<>();
        boolean right = scopes.isArray() && !scopes.isEmpty();
        for (JsonNode scope : scopes) {
            right &= scope.isTextual() && Scope.of(scope.textValue()).isPresent() && !words.contains(scope.textValue());
            words.add(scope.asText());
        }
        if (!right) {
            faults.add("/scopes", "must be a list of jobs, admin");
        }
        return words;
    }

    private @Nullable Instant expiry(@Nullable JsonNode expiry, Faults faults) {
        if (expiry == null || expiry.isNull()) {
            return null;
        }
        try {
            Instant at = OffsetDateTime.parse(expiry.asText()).toInstant();
            if (at.isAfter(clock.instant()) && at.isBefore(LATEST_EXPIRY)) {
                return at;
            }
        } catch (DateTimeException _) {
            // Told below, with the times that are past or further away than the database can count.
        }
        faults.add("/expires_at", "must be a time to come, such as 2027-01-01T00:00:00Z");
        return null;
    }

    private static void only(ObjectNode body, Set<String> known, Faults faults) {
        body.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                faults.add(Faults.pointer("", name), "unknown field");
            }
        });
    }

    private static boolean printable(String text) {
        return text.codePoints()
                .noneMatch(
                        c -> Character.isISOControl(c) || c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    private static UUID uuid(String digits) {
        Function<String, Long> half = text -> Long.parseUnsignedLong(text, 16);
        return new UUID(half.apply(digits.substring(0, 16)), half.apply(digits.substring(16)));
    }

    /// What makes a tenant.
    @Schema(name = "NewTenant")
    record NewTenant(String name) {}

    /// What makes a key.
    @Schema(name = "NewApiKey")
    record NewKey(
            String name,

            @Schema(description = "`jobs` (the default), `admin`") @Nullable
            List<String> scopes,

            @JsonProperty("expires_at") @Nullable Instant expiresAt) {}

    /// For the API's description, which knows no type parameters.
    @Schema(name = "TenantPage")
    record TenantPage(
            List<TenantView> data,
            @JsonProperty("has_more") boolean hasMore,
            @Nullable String next) {}

    /// For the API's description, which knows no type parameters.
    @Schema(name = "ApiKeyPage")
    record ApiKeyPage(
            List<ApiKeyView> data,
            @JsonProperty("has_more") boolean hasMore,
            @Nullable String next) {}
}
