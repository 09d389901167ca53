package dev.longshore.rig.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.longshore.rig.proof.Followed;
import dev.longshore.rig.proof.Followed.Piece;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Follows one job by its live events, as a page in a browser does: when the connection breaks, or nothing comes any
/// more, it comes back, to whichever API, and says what it was told last.
///
/// For one thread at a time.
final class LiveReader {
    private static final int NO_MORE = 204;
    private static final int COME_BACK_MS = 500;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Caller caller;
    private final Order order;
    private final String job;
    private final List<Piece> told = new ArrayList<>();
    private int connections;
    private @Nullable JsonNode result;

    LiveReader(Caller caller, Order order, String job) {
        this.caller = caller;
        this.order = order;
        this.job = job;
    }

    /// Returns when there is no more to be told.
    ///
    /// @param tired whether it gives up
    void follow(BooleanSupplier tired) {
        while (!tired.getAsBoolean()) {
            if (connection(tired)) {
                return;
            }
            Pause.millis(COME_BACK_MS);
        }
    }

    /// Everything that it was told, and what the API says of the job now.
    Followed followed() {
        return new Followed(job, told, result, caller.shown(order.tenant(), job));
    }

    /// @return whether it was told everything
    private boolean connection(BooleanSupplier tired) {
        connections++;
        HttpURLConnection connection = null;
        try {
            connection = caller.follow(
                    order, job, told.isEmpty() ? -1 : told.getLast().number());
            if (connection == null) {
                return false;
            }
            if (connection.getResponseCode() == NO_MORE) {
                return true;
            }
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK && read(connection, tired);
        } catch (IOException _) {
            return false;
        } finally {
            if (connection != null) {
                connection.disconnect();
            }
        }
    }

    private boolean read(HttpURLConnection connection, BooleanSupplier tired) throws IOException {
        try (var lines =
                new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
            long number = -1;
            String kind = "";
            String data = "";
            // Of a job that does not end nothing is heard but that the line is open, every now and then.
            for (String line = lines.readLine(); line != null && !tired.getAsBoolean(); line = lines.readLine()) {
                if (line.startsWith("id: ")) {
                    number = Long.parseLong(line.substring(4));
                } else if (line.startsWith("event: ")) {
                    kind = line.substring(7);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                } else if (line.isEmpty() && !kind.isEmpty()) {
                    take(number, kind, data);
                    if (kind.equals("done")) {
                        return true;
                    }
                    kind = "";
                }
            }
            return false;
        }
    }

    private void take(long number, String kind, String data) throws IOException {
        String status = null;
        if (kind.equals("status") || kind.equals("result")) {
            JsonNode said = JSON.readTree(data);
            status = said.path("status").asText();
            if (kind.equals("result")) {
                result = said;
            }
        }
        told.add(new Piece(number, kind, status, connections));
    }
}
