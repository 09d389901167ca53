package dev.longshore.api.catalogue;

import dev.longshore.api.catalogue.Choice.Open;
import dev.longshore.api.catalogue.Lifetime.Stage;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// Spells the end of a model's life as HTTP does: `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and a link to what
/// comes next. That another model took the job has no standard header; ours is a structured field (RFC 9651).
final class LifetimeHeaders {
    static final String REPLACED = "Longshore-Model-Replaced";

    /// An HTTP-date. The JDK's own format writes days below ten with one digit.
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.US);

    private LifetimeHeaders() {}

    static Map<String, String> warnings(Open choice) {
        if (choice.stage() == Stage.AVAILABLE) {
            return Map.of();
        }
        Map<String, String> headers = new LinkedHashMap<>();
        Lifetime lifetime = choice.named().lifetime();
        LocalDate deprecatedFrom = lifetime.deprecatedFrom();
        if (deprecatedFrom != null) {
            headers.put("Deprecation", "@" + Lifetime.start(deprecatedFrom).getEpochSecond());
        }
        LocalDate shutdownAt = lifetime.shutdownAt();
        if (shutdownAt != null) {
            headers.put("Sunset", DATE.format(shutdownAt.atStartOfDay(ZoneOffset.UTC)));
        }
        Model next = choice.next();
        if (next != null) {
            headers.put("Link", "<" + path(next.name()) + ">; rel=\"successor-version\"");
        }
        return headers;
    }

    static Map<String, String> of(Open choice) {
        if (!choice.replaced()) {
            return warnings(choice);
        }
        Map<String, String> headers = new LinkedHashMap<>(warnings(choice));
        headers.put(
                REPLACED,
                item(choice.named().name())
                        + ";successor="
                        + item(choice.model().name()));
        return headers;
    }

    private static String path(String model) {
        return "/v1/models/" + URLEncoder.encode(model, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /// A String where the name is plain, and a Display String where it is not. Neither quotation marks nor backslashes,
    /// which would have to be escaped, get past the settings.
    private static String item(String text) {
        if (text.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
            return '"' + text + '"';
        }
        StringBuilder escaped = new StringBuilder("%\"");
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            if (octet < ' ' || octet == 0x7F || octet == '%') {
                escaped.append('%').append(HexFormat.of().toHexDigits(octet));
            } else {
                escaped.append((char) octet);
            }
        }
        return escaped.append('"').toString();
    }
}
