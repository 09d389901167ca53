package dev.longshore.api.webhooks;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.api.destinations.Destinations;
import dev.longshore.api.destinations.EventNames;
import dev.longshore.api.request.Faults;
import dev.longshore.api.request.Fields;
import dev.longshore.api.request.Labels;
import dev.longshore.problem.Refusal;
import dev.longshore.webhook.Clearance.Refused;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads what a request says of an endpoint. Which fields may be there differs between making one and changing one;
/// what they mean does not.
final class EndpointReader {
    static final int LONGEST_DESCRIPTION = 500;

    private static final Set<String> OF_NEW = Set.of("url", "events", "description", "labels_filter");
    private static final Set<String> OF_CHANGE = Set.of("url", "events", "description", "labels_filter", "status");
    private static final Set<String> STATUSES = Set.of(WebhookEndpoint.ENABLED, WebhookEndpoint.DISABLED);
    private static final String BY_OWNER = "Switched off by its owner.";

    private final Destinations destinations;
    private final InstantSource clock;

    EndpointReader(Destinations destinations, InstantSource clock) {
        this.destinations = destinations;
        this.clock = clock;
    }

    /// What was asked for and is in order.
    ///
    /// @param body for telling fields that are null from those that are absent
    record Asked(
            ObjectNode body,
            @Nullable String url,
            @Nullable List<String> events,
            @Nullable String description,
            @Nullable String labelsFilter,
            @Nullable String status) {}

    /// @throws Refusal naming everything that is wrong
    Asked ofNew(ObjectNode body) throws InterruptedException {
        return read(body, OF_NEW, true);
    }

    /// @throws Refusal naming everything that is wrong
    Asked ofChange(ObjectNode body) throws InterruptedException {
        return read(body, OF_CHANGE, false);
    }

    private Asked read(ObjectNode body, Set<String> known, boolean urlRequired) throws InterruptedException {
        Faults faults = new Faults();
        Fields fields = new Fields(body, "", faults);
        fields.only(known);
        String url = fields.text("url");
        if (urlRequired && fields.get("url") == null) {
            fields.wrong("url", "is required");
        }
        List<String> events = EventNames.read(fields, EventNames.ALL);
        String description = fields.text("description");
        if (description != null && (description.length() > LONGEST_DESCRIPTION || !Labels.storable(description))) {
            fields.wrong("description", "must be a text of at most " + LONGEST_DESCRIPTION + " characters");
        }
        String filter = Labels.read(fields, "labels_filter", "/labels_filter", faults);
        String status = fields.word("status", STATUSES);
        if (url != null && destinations.addresses(url) instanceof Refused(var why)) {
            fields.wrong("url", why);
        }
        faults.refuseIfAny();
        return new Asked(body, url, events, description, filter, status);
    }

    /// Puts onto the endpoint what was asked for; what was not mentioned stays as it is.
    void put(Asked asked, WebhookEndpoint endpoint) {
        if (asked.url() != null) {
            endpoint.url = asked.url();
        }
        if (asked.events() != null) {
            endpoint.events = asked.events().toArray(String[]::new);
        }
        if (asked.body().has("description")) {
            endpoint.description = asked.description();
        }
        if (asked.body().has("labels_filter")) {
            endpoint.labelsFilter = asked.labelsFilter();
        }
        if (WebhookEndpoint.ENABLED.equals(asked.status())) {
            endpoint.status = WebhookEndpoint.ENABLED;
            endpoint.disabledReason = null;
            endpoint.disabledAt = null;
        } else if (WebhookEndpoint.DISABLED.equals(asked.status()) && endpoint.enabled()) {
            endpoint.status = WebhookEndpoint.DISABLED;
            endpoint.disabledReason = BY_OWNER;
            endpoint.disabledAt = clock.instant();
        }
    }
}
