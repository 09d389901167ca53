package dev.longshore.api.webhooks;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.ColumnTransformer;
import org.hibernate.annotations.DynamicUpdate;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.NullUnmarked;

/// A URL that a tenant wants called. Only what a change is about is written: the deliverer may switch an endpoint off
/// in the same moment in which its owner changes its description.
@Entity
@Table(name = "webhook_endpoint")
@DynamicUpdate
@NullUnmarked
public class WebhookEndpoint extends PanacheEntityBase {
    static final String ENABLED = "enabled";
    static final String DISABLED = "disabled";

    @Id
    @Column(name = "endpoint_id")
    public UUID id;

    @Column(name = "tenant_id", nullable = false, updatable = false)
    public Integer tenantId;

    @Column(name = "created_at", nullable = false, updatable = false)
    public Instant createdAt;

    @Column(nullable = false)
    public String url;

    public String description;

    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(nullable = false, columnDefinition = "text[]")
    public String[] events;

    /// A JSON object of strings; null for none.
    @Column(name = "labels_filter", columnDefinition = "jsonb")
    @ColumnTransformer(write = "?::jsonb")
    public String labelsFilter;

    @Column(nullable = false)
    public String status;

    @Column(name = "disabled_reason")
    public String disabledReason;

    @Column(name = "disabled_at")
    public Instant disabledAt;

    boolean enabled() {
        return ENABLED.equals(status);
    }
}
