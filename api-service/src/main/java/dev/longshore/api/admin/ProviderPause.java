package dev.longshore.api.admin;

import io.quarkus.hibernate.orm.panache.PanacheEntityBase;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.NullUnmarked;

/// A provider that an operator has stopped by hand; workers look at the same row before they call.
@Entity
@Table(name = "provider_pause")
@NullUnmarked
public class ProviderPause extends PanacheEntityBase {
    // Two operators may stop it at the same time, and the first one's name stays.
    private static final String PAUSE = """
            INSERT INTO provider_pause (provider, paused_by)
            VALUES (?1, ?2)
            ON CONFLICT (provider) DO NOTHING
            """;

    @Id
    public String provider;

    @Column(name = "paused_at", nullable = false, updatable = false)
    public Instant pausedAt;

    @Column(name = "paused_by", nullable = false, updatable = false)
    public String pausedBy;

    static void pause(String provider, String who) {
        getEntityManager()
                .createNativeQuery(PAUSE)
                .setParameter(1, provider)
                .setParameter(2, who)
                .executeUpdate();
    }

    /// One statement: an entity that somebody else has deleted meanwhile would be a failure.
    static void resume(String provider) {
        delete("provider", provider);
    }
}
