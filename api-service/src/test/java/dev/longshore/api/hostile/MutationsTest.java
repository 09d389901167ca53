package dev.longshore.api.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.api.Api;
import dev.longshore.api.Bodies;
import dev.longshore.api.Platform;
import io.quarkus.test.junit.QuarkusTest;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Proper requests, changed at random. `-Dlongshore.seed=N` runs the same changes again.
@QuarkusTest
@Platform
class MutationsTest extends OnAnEstate {
    private static final int CASES = 2_000;

    /// What a run may leave behind once everything that is remembered on purpose has been filled.
    private static final long MOST_GROWTH = 24L << 20;

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FULL = Bodies.chat(
            ",\"lane\":\"batch\",\"priority\":1,\"delay_seconds\":5,\"deadline_seconds\":3600,\"retry\":{\"max_attempts\":2,\"multiplier\":1.5,"
                    + "\"retry_on\":[\"timeout\"]},\"fallback\":true,\"cache\":\"default\",\"max_cost_usd\":1.5,\"on_unknown_outcome\":\"fail\","
                    + "\"data_class\":\"public\",\"region\":\"eu\",\"webhook\":{\"url\":\"https://example.com/x\",\"events\":[\"job.complete\"]},"
                    + "\"labels\":{\"team\":\"search\"},\"idempotency_key\":\"k1\"");

    private Random random;
    private String seed;

    @BeforeEach
    void seed() {
        long number = Long.getLong("longshore.seed", 20_261_120L);
        random = new Random(number);
        seed = "seed " + number + ", case ";
        System.out.println("longshore.seed=" + number);
    }

    @Test
    void changedValuesNeverBreakTheService() {
        List<Route> routes = bodied();
        Contract contract = new Contract();
        for (int i = 0; i < CASES; i++) {
            Route route = routes.get(random.nextInt(routes.size()));
            JsonNode body = tree(route.path().startsWith("/v1/jobs") ? FULL : route.sample());
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                change(body);
            }
            contract.heldBy(
                    seed + i + ": " + route.name() + " " + body,
                    Wire.exchange(estate.request(route.method(), estate.path(route), body.toString())));
        }
        contract.assertKept(CASES);
    }

    @Test
    void changedBytesOfBodiesNeverBreakTheService() {
        List<Route> routes = bodied();
        Contract contract = new Contract();
        for (int i = 0; i < CASES; i++) {
            Route route = routes.get(random.nextInt(routes.size()));
            byte[] body = scrambled(
                    (route.path().startsWith("/v1/jobs") ? FULL : route.sample()).getBytes(StandardCharsets.UTF_8));
            contract.heldBy(
                    seed + i + ": " + route.name() + " " + new String(body, StandardCharsets.ISO_8859_1),
                    Wire.exchange(estate.request(route.method(), estate.path(route), body)));
        }
        contract.assertKept(CASES);
    }

    /// Here the frame of a request changes too, so that there need not be an answer; but none of them is
    /// a failure of ours, and none says what it should not.
    @Test
    void changedBytesOfRequestsNeverBreakTheService() {
        List<Route> routes = Route.all();
        Contract contract = new Contract();
        for (int i = 0; i < CASES; i++) {
            Route route = routes.get(random.nextInt(routes.size()));
            byte[] request =
                    scrambled(estate.request(route.method(), estate.path(route), route.sample(), "Connection: close"));
            try (Wire wire = Wire.open()) {
                wire.send(request).endOfRequest();
                Optional<Reply> reply = wire.reply(new String(request, StandardCharsets.ISO_8859_1).startsWith("HEAD"));
                if (reply.isPresent()) {
                    contract.heldBy(seed + i + ": " + new String(request, StandardCharsets.ISO_8859_1), reply);
                }
            }
        }
        contract.assertKept(CASES / 2);
        assertThat(estate.owner().submit(Bodies.chat("")).status()).isEqualTo(202);
        assertThat(Api.operator().get("/q/health/ready").status()).isEqualTo(200);
    }

    @Test
    void nothingOfThemStaysBehind() {
        // Once round to fill what is remembered on purpose: keys that were unknown, counters, statements.
        hostileRound();
        long before = Memory.used();
        long metrics = Api.stranger().get("/q/metrics").body().lines().count();
        for (int i = 0; i < 3; i++) {
            hostileRound();
        }
        assertThat(Memory.used() - before).isLessThan(MOST_GROWTH);
        // Names from outside must not become names of meters.
        assertThat(Api.stranger().get("/q/metrics").body().lines().count()).isLessThan(metrics + 50);
    }

    private void hostileRound() {
        String deep = "{\"a\":" + "[".repeat(50_000);
        String wide = "{\"" + "k".repeat(5_000) + random.nextInt() + "\":1}";
        String values = "{\"a\":[" + "{},".repeat(100_000) + "{}]}";
        for (int i = 0; i < 250; i++) {
            String salt = Long.toHexString(random.nextLong());
            Wire.exchange("GET /v1/" + salt + " HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + salt + "\r\n\r\n");
            Wire.exchange("GET /v1/jobs/%" + salt + "zz HTTP/1.1\r\nHost: x\r\n\r\n");
            Wire.exchange("X" + salt + " /" + salt + " HTTP/1.1\r\nHost: " + salt + "\r\n\r\n");
            Wire.exchange(salt + "\r\n\r\n");
            Wire.exchange(estate.request("GET", "/v1/jobs?label." + salt + "=" + salt, ""));
            Wire.exchange(estate.request("GET", "/" + salt + "/" + salt, ""));
            Wire.exchange(estate.request("POST", "/v1/jobs/estimate", wide.replace("k", salt.substring(0, 1))));
            try (Wire wire = Wire.open()) {
                wire.send(estate.head("POST", "/v1/jobs")
                        + "Content-Type: application/json\r\nContent-Length: 10000000\r\n\r\n{\"" + salt);
            }
        }
        for (int i = 0; i < 20; i++) {
            Wire.exchange(estate.request("POST", "/v1/jobs", deep));
            Wire.exchange(estate.request("POST", "/v1/jobs", values));
        }
    }

    private static List<Route> bodied() {
        return Route.all().stream().filter(Route::takesBody).toList();
    }

    /// Changes one thing somewhere in the tree.
    private void change(JsonNode root) {
        List<JsonNode> containers = new ArrayList<>();
        collect(root, containers);
        JsonNode container = containers.get(random.nextInt(containers.size()));
        if (container instanceof ObjectNode object) {
            List<String> names = new ArrayList<>();
            object.fieldNames().forEachRemaining(names::add);
            String name = names.isEmpty() || random.nextInt(10) == 0 ? text() : names.get(random.nextInt(names.size()));
            switch (random.nextInt(4)) {
                case 0 -> object.remove(name);
                case 1 -> object.set(text(), value(0));
                default -> object.set(name, value(0));
            }
        } else if (container instanceof ArrayNode array) {
            if (array.isEmpty() || random.nextBoolean()) {
                array.add(value(0));
            } else {
                array.set(random.nextInt(array.size()), value(0));
            }
        }
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainerNode()) {
            containers.add(node);
            node.forEach(child -> collect(child, containers));
        }
    }

    private JsonNode value(int depth) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (random.nextInt(depth > 3 ? 7 : 9)) {
            case 0 -> nodes.nullNode();
            case 1 -> nodes.booleanNode(random.nextBoolean());
            case 2 -> nodes.numberNode(random.nextInt());
            case 3 -> nodes.numberNode(random.nextLong());
            case 4 ->
                nodes.numberNode(new BigDecimal(BigInteger.valueOf(random.nextLong()), random.nextInt(800) - 400));
            case 5, 6 -> nodes.textNode(text());
            case 7 -> {
                ArrayNode array = nodes.arrayNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(value(depth + 1));
                }
                yield array;
            }
            default -> {
                ObjectNode object = nodes.objectNode();
                for (int i = random.nextInt(4); i > 0; i--) {
                    object.set(text(), value(depth + 1));
                }
                yield object;
            }
        };
    }

    private String text() {
        int length = random.nextInt(12) == 0 ? random.nextInt(3_000) : random.nextInt(12);
        StringBuilder text = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            switch (random.nextInt(6)) {
                case 0 -> text.append((char) random.nextInt(32));
                case 1 -> text.appendCodePoint(0x10000 + random.nextInt(0x10000));
                case 2 -> text.append((char) (0x80 + random.nextInt(0x2000)));
                default -> text.append((char) (32 + random.nextInt(95)));
            }
        }
        return text.toString();
    }

    /// The bytes with some of them flipped, dropped, doubled, moved or replaced.
    private byte[] scrambled(byte[] bytes) {
        byte[] changed = bytes;
        for (int changes = 1 + random.nextInt(4); changes > 0 && changed.length > 1; changes--) {
            int at = random.nextInt(changed.length);
            ByteArrayOutputStream next = new ByteArrayOutputStream();
            next.write(changed, 0, at);
            switch (random.nextInt(6)) {
                case 0 -> next.write(changed[at] ^ 1 << random.nextInt(8));
                case 1 -> next.write(random.nextInt(256));
                case 2 -> next.write(changed, at, Math.min(changed.length - at, random.nextInt(20)));
                case 3 -> {
                    next.write("\r\n\u0000\"{}[]:,\\%;/ ".charAt(random.nextInt(15)));
                    next.write(changed[at]);
                }
                case 4 -> next.write(changed, 0, at);
                default -> {
                    // Dropped.
                }
            }
            next.write(changed, at + 1, changed.length - at - 1);
            changed = next.toByteArray();
        }
        return changed;
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
