package dev.longshore.webhook;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/// Signs a call by the rules of Standard Webhooks 1.0.0.
public final class Signature {
    /// The header that names what is told. The same over all tries.
    public static final String ID_HEADER = "webhook-id";

    /// The header with the time of this try, in whole seconds.
    public static final String TIMESTAMP_HEADER = "webhook-timestamp";

    /// The header with the signatures.
    public static final String SIGNATURE_HEADER = "webhook-signature";

    static final String SYMMETRIC = "v1";
    static final String ASYMMETRIC = "v1a";

    private Signature() {}

    /// The value of `webhook-signature`: for each secret one signature of each version, `v1` first, separated by
    /// spaces.
    ///
    /// @param id the value of `webhook-id`
    /// @param at when this try is made; seconds count
    /// @param body the bytes that are sent
    /// @param secrets the newest first
    /// @throws IllegalArgumentException if there is no secret, or the id has a dot, which would make it unclear
    ///     what was signed
    public static String of(String id, Instant at, byte[] body, List<SigningSecret> secrets) {
        if (secrets.isEmpty()) {
            throw new IllegalArgumentException("A call without a secret cannot be signed.");
        }
        byte[] content = content(id, Long.toString(at.getEpochSecond()), body);
        List<String> signatures = new ArrayList<>();
        for (SigningSecret secret : secrets) {
            signatures.add(SYMMETRIC + "," + base64(secret.shared().sign(content)));
        }
        for (SigningSecret secret : secrets) {
            signatures.add(ASYMMETRIC + "," + base64(secret.pair().sign(content)));
        }
        return String.join(" ", signatures);
    }

    /// The bytes that are signed: id, time and body with dots between them.
    static byte[] content(String id, String timestamp, byte[] body) {
        if (id.indexOf('.') >= 0) {
            throw new IllegalArgumentException("The id of a webhook has no dot.");
        }
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        content.writeBytes((id + "." + timestamp + ".").getBytes(StandardCharsets.US_ASCII));
        content.writeBytes(body);
        return content.toByteArray();
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
