package dev.longshore.worker.delivery;

import java.sql.SQLException;
import java.util.UUID;
import javax.sql.DataSource;
import org.jboss.logging.Logger;

/// Switches endpoints off that are gone or hopeless, says so in metric and log, and ends what is owed to those that are
/// off, whoever did it.
public final class SwitchOff {
    private static final Logger LOG = Logger.getLogger(SwitchOff.class);

    private final Endpoints endpoints;
    private final DeliveryMeter meter;

    public SwitchOff(DataSource database, DeliveryMeter meter) {
        endpoints = new Endpoints(database);
        this.meter = meter;
    }

    void gone(UUID endpoint) throws SQLException {
        if (endpoints.disable(endpoint, "It answered 410 Gone.")) {
            meter.disabledGone();
            LOG.warnf("a webhook endpoint says that it is gone and was disabled; endpoint=%s", endpoint);
            endAllOf(endpoint);
        }
    }

    void hopeless(UUID endpoint) throws SQLException {
        String reason = "All deliveries have failed for " + ReceiverHealth.HOPELESS.toDays() + " days.";
        if (endpoints.disable(endpoint, reason)) {
            meter.disabledFailing();
            LOG.warnf(
                    "a webhook endpoint has only failed for %d days and was disabled; endpoint=%s",
                    ReceiverHealth.HOPELESS.toDays(), endpoint);
            endAllOf(endpoint);
        }
    }

    void endAllOf(UUID receiver) throws SQLException {
        int ended = endpoints.endAllOf(receiver);
        if (ended > 0) {
            meter.failed(ended);
            LOG.infof("notices to an endpoint that is off were ended; endpoint=%s notices=%d", receiver, ended);
        }
    }

    /// Looks for endpoints that are off or deleted and are still owed something, due or not.
    ///
    /// @return how many
    public int runOnce() throws SQLException {
        int off = 0;
        for (UUID receiver : endpoints.offAndOwedTo()) {
            endAllOf(receiver);
            off++;
        }
        endpoints.forgetHealth();
        return off;
    }
}
