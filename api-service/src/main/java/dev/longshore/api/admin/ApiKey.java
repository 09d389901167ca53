package dev.longshore.api.admin;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.NullUnmarked;

/// An API key as operators see it: everything but the key. Recognising callers has its own, faster way.
@Entity
@Table(name = "api_key")
@NullUnmarked
public class ApiKey extends PanacheEntityBase {
    @Id
    @Column(name = "key_id")
    public UUID id;

    @Column(name = "tenant_id", nullable = false, updatable = false)
    public Integer tenantId;

    @Column(nullable = false)
    public String name;

    @Column(nullable = false, unique = true, updatable = false)
    public byte[] hash;

    @Column(nullable = false, updatable = false)
    public String hint;

    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(nullable = false, columnDefinition = "text[]")
    public String[] scopes;

    @Column(name = "created_at", nullable = false, updatable = false)
    public Instant createdAt;

    @Column(name = "expires_at")
    public Instant expiresAt;

    @Column(name = "revoked_at")
    public Instant revokedAt;
}
