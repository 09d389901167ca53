package dev.longshore.worker.provider.prediction;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.job.JobId;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jboss.logging.Logger;

/// Lets the provider say that a prediction has come on, so that it is looked at within a second: the token in the
/// callback's address is given out with the purchase, the API service notes which were shown, and one look a second
/// finds those of all predictions that are waited for here.
final class Callbacks {
    private static final Logger LOG = Logger.getLogger(Callbacks.class);

    private static final long LOOK_MILLIS = 800;
    private static final String MAC = "HmacSHA256";

    private final String address;
    private final Purchases purchases;
    private final Map<JobId, Bell> waiting = new ConcurrentHashMap<>();

    Callbacks(URI callbackUrl, Purchases purchases) {
        address = callbackUrl.toString().replaceAll("/+$", "") + "/v1/callbacks/predictions/";
        this.purchases = purchases;
        ScheduledExecutorService looking = Executors.newSingleThreadScheduledExecutor(
                task -> Thread.ofPlatform().name("callback-look").daemon().unstarted(task));
        looking.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /// The token of a purchase. Made from the key that buys it, which nobody but us and the provider knows: a
    /// purchase that is tried again is the same to the last byte, as providers that know repetitions want it.
    static String token(String key, String purchase) {
        try {
            Mac mac = Mac.getInstance(MAC);
            mac.init(new SecretKeySpec(key.getBytes(StandardCharsets.UTF_8), MAC));
            byte[] token = mac.doFinal(("callback " + purchase).getBytes(StandardCharsets.UTF_8));
            return Base64.getUrlEncoder().withoutPadding().encodeToString(token);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + MAC, e);
        }
    }

    /// What is stored of a token.
    static byte[] hash(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /// Asks the provider to call back when the prediction is over, in Replicate's words.
    void askFor(JsonNode request, String token) {
        if (request instanceof ObjectNode object) {
            object.put("webhook", address + token);
            object.putArray("webhook_events_filter").add("completed");
        }
    }

    void waiting(JobId job, Bell bell) {
        waiting.put(job, bell);
    }

    void noLongerWaiting(JobId job, Bell bell) {
        waiting.remove(job, bell);
    }

    private void look() {
        try {
            Set<JobId> jobs = Set.copyOf(waiting.keySet());
            if (!jobs.isEmpty()) {
                purchases.calledBack(jobs).forEach(job -> {
                    Bell bell = waiting.get(job);
                    if (bell != null) {
                        bell.ring();
                    }
                });
            }
        } catch (RuntimeException e) {
            // A look that threw would be the last.
            LOG.warnf(e, "callbacks could not be looked for, the next look will");
        }
    }
}
