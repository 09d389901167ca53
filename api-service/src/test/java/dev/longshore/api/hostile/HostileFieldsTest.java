package dev.longshore.api.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.api.Api;
import dev.longshore.api.Bodies;
import dev.longshore.api.Platform;
import dev.longshore.problem.ProblemCode;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

@QuarkusTest
@Platform
class HostileFieldsTest extends OnAnEstate {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HERE = "\"HERE\"";

    /// Values by the kind of JSON they are.
    private static final Map<String, List<String>> VALUES = Map.of(
            "null", List.of("null"),
            "boolean", List.of("true", "false"),
            "number",
                    List.of(
                            "0",
                            "-0",
                            "-1",
                            "1.5",
                            "-0.0",
                            "1e-400",
                            "1e400",
                            "-1e400",
                            "1e999999999",
                            "1e-999999999",
                            "2147483648",
                            "-2147483649",
                            "9223372036854775808",
                            "-9223372036854775809",
                            "99999999999999999999999999",
                            "9".repeat(500),
                            "0." + "1".repeat(400),
                            "1e2147483647"),
            "array",
                    List.of(
                            "[]",
                            "[null]",
                            "[[]]",
                            "[{}]",
                            "[1,\"a\",null]",
                            "[" + "[".repeat(90) + "]".repeat(90) + "]",
                            "[\"\"]",
                            "[\"\\u0000\"]",
                            "[\"\\ud800\"]",
                            "[" + "\"x\",".repeat(2_000) + "\"x\"]"),
            "object",
                    List.of(
                            "{}",
                            "{\"\":\"\"}",
                            "{\"a\":null}",
                            "{\"\\u0000\":\"x\"}",
                            "{\"\\ud800\":\"x\"}",
                            "{\"a\":{\"b\":[]}}",
                            "{\"a/b~c\":1}",
                            "{\"" + "k".repeat(9_000) + "\":\"x\"}",
                            "{\"__proto__\":{\"x\":1}}",
                            many(500)),
            "string",
                    List.of(
                            "\"\"",
                            "\" \"",
                            "\"\\u0000\"",
                            "\"a\\u0000b\"",
                            "\"\\ud800\"",
                            "\"\\udc00\\ud800\"",
                            "\"\\uffff\"",
                            "\"\\u202e\\u2066gnp.exe\"",
                            "\"\\u200b\\u200d\\ufeff\"",
                            "\"\\u0007\\u001b[31m\"",
                            "\"\\r\\nX: y\"",
                            "\"\ud83d\ude00\ud83d\udc69\u200d\ud83d\udcbb\"",
                            "\"\ud835\udd73\u0301\u0301\u0301\"",
                            "\"'; DROP TABLE job; --\"",
                            "\"' OR 1=1 --\"",
                            "\"%s%n%x%d\"",
                            "\"%00\"",
                            "\"${jndi:ldap://x/y}\"",
                            "\"{{7*7}}\"",
                            "\"../../../../etc/passwd\"",
                            "\"C:\\\\\"",
                            "\"<script>alert(1)</script>\"",
                            "\"$(id)\"",
                            "\"null\"",
                            "\"true\"",
                            "\"0\"",
                            "\"-999999999-01-01T00:00:00Z\"",
                            "\"+999999999-12-31T23:59:59Z\"",
                            "\"294277-01-01T00:00:00Z\"",
                            "\"+294277-01-01T00:00:00Z\"",
                            "\"9999-12-31T23:59:59.999999999+18:00\"",
                            "\"2026-02-30T00:00:00Z\"",
                            "\"0000-00-00T00:00:00Z\"",
                            "\"2027-01-01T00:00:00+25:00\"",
                            "\"chat@0\"",
                            "\"chat@999999999\"",
                            "\"chat@1@1\"",
                            "\"http://[::1\"",
                            "\"https://\\u0000/\"",
                            "\"https://ex ample.com\"",
                            "\"file:///etc/passwd\"",
                            "\"https://\u00e4.example/\"",
                            "\"//example.com\"",
                            "\"" + "x".repeat(100_000) + "\"",
                            "\"" + "\ud83d\ude00".repeat(3_000) + "\""));

    @Test
    void everyFieldOfEveryBodyRefusesWhatItCannotTakeAndKeepsWhatItTook() throws SQLException {
        Contract contract = new Contract();
        Map<String, Long> before = estate.census();
        Map<String, Integer> made = new LinkedHashMap<>();
        List<String> jobs = new ArrayList<>();
        int fields = 0;
        for (Route route : Route.all()) {
            if (route.takesBody()) {
                String path = estate.path(route);
                for (Map.Entry<String, JsonNode> field : route.fields().entrySet()) {
                    fields++;
                    String body = withHere(route.sample(), field.getKey());
                    VALUES.forEach((kind, values) -> values.forEach(value -> {
                        byte[] request = estate.request(route.method(), path, body.replace(HERE, value));
                        Optional<Reply> reply = Wire.exchange(request);
                        String what = route.name() + " " + field.getKey() + "=" + shortened(value);
                        if (rightKind(field.getValue(), kind)) {
                            contract.heldBy(what, reply);
                        } else {
                            contract.refused(
                                    what,
                                    reply,
                                    ProblemCode.INVALID_REQUEST,
                                    ProblemCode.INVALID_IDEMPOTENCY_KEY,
                                    // Half a character in a name is no UTF-8.
                                    ProblemCode.INVALID_JSON);
                        }
                        reply.ifPresent(answer -> {
                            if (answer.code().equals("INVALID_REQUEST")
                                    && !Contract.names(answer, field.getKey())
                                    && !Contract.names(answer, parent(field.getKey()))) {
                                contract.breach(what, "does not name the field: " + answer);
                            }
                            if (answer.status() == 201 || answer.status() == 202 && path.equals("/v1/jobs")) {
                                made.merge(route.name(), 1, Integer::sum);
                            }
                            if (answer.status() == 202 && path.equals("/v1/jobs")) {
                                jobs.add(answer.json().path("job_id").asText());
                            }
                        });
                    }));
                }
            }
        }
        contract.assertKept(fields * 80);
        Map<String, Long> after = estate.census();
        assertThat(after.get("job") - before.get("job"))
                .isEqualTo(made.getOrDefault("POST /v1/jobs", 0).longValue());
        assertThat(after.get("tenant") - before.get("tenant"))
                .isEqualTo(made.getOrDefault("POST /v1/admin/tenants", 0).longValue());
        assertThat(after.get("api_key") - before.get("api_key"))
                .isEqualTo(made.getOrDefault("POST /v1/admin/tenants/{id}/api-keys", 0)
                        .longValue());
        // Whatever was taken can be read back.
        assertThat(jobs).isNotEmpty();
        for (String job : jobs) {
            assertThat(estate.owner().get("/v1/jobs/" + job).status()).isEqualTo(200);
        }
        assertThat(estate.owner().get("/v1/jobs?limit=100").status()).isEqualTo(200);
        assertThat(Api.operator().get("/v1/admin/tenants?limit=100").status()).isEqualTo(200);
    }

    @Test
    void fieldsThatNobodyKnowsAreNamed() {
        Contract contract = new Contract();
        for (Route route : Route.all()) {
            if (route.takesBody()) {
                String inside = route.sample().substring(1);
                for (String name :
                        List.of("x", "", " ", "a/b", "a~b", "\ud83d\ude00", "__proto__", "class", "k\\u0000")) {
                    byte[] request =
                            estate.request(route.method(), estate.path(route), "{\"" + name + "\":1," + inside);
                    contract.refused(route.name() + " " + name, Wire.exchange(request), ProblemCode.INVALID_REQUEST);
                }
                StringBuilder many = new StringBuilder("{");
                for (int i = 0; i < 500; i++) {
                    many.append('"').append("k".repeat(9_000)).append(i).append("\":1,");
                }
                contract.refused(
                        route.name() + " with many of them",
                        Wire.exchange(estate.request(route.method(), estate.path(route), many + inside)),
                        ProblemCode.INVALID_REQUEST);
            }
        }
        contract.assertKept(60);
    }

    /// What the input holds travels on to the provider, so it may be anything that a job can keep.
    @Test
    void theInputOfAChatRefusesOnlyWhatItKnowsToBeWrong() {
        Contract contract = new Contract();
        for (String template : List.of(
                "{\"model\":\"sim-small\",\"messages\":HERE}",
                "{\"model\":\"sim-small\",\"messages\":[HERE]}",
                "{\"model\":\"sim-small\",\"messages\":[{\"role\":HERE,\"content\":\"a\"}]}",
                "{\"model\":\"sim-small\",\"messages\":[{\"role\":\"user\",\"content\":HERE}]}",
                "{\"model\":\"sim-small\",\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":HERE}]}]}",
                "{\"model\":\"sim-small\",\"max_tokens\":HERE,\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}",
                "{\"model\":\"sim-small\",\"tools\":HERE,\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}",
                "{\"model\":HERE,\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}")) {
            VALUES.values()
                    .forEach(values -> values.forEach(value -> {
                        String input = template.replace("HERE", value);
                        for (String path : List.of("/v1/jobs", "/v1/jobs/estimate")) {
                            byte[] request =
                                    estate.request("POST", path, "{\"operation\":\"chat\",\"input\":" + input + "}");
                            contract.heldBy(path + " " + shortened(input), Wire.exchange(request));
                        }
                    }));
        }
        for (String template : List.of(
                "{\"model\":\"sim-embed\",\"input\":HERE}", "{\"model\":\"sim-embed\",\"input\":[HERE,\"a\"]}")) {
            VALUES.values()
                    .forEach(values -> values.forEach(value -> {
                        String input = template.replace("HERE", value);
                        byte[] request = estate.request(
                                "POST", "/v1/jobs/estimate", "{\"operation\":\"embed\",\"input\":" + input + "}");
                        contract.heldBy("estimate " + shortened(input), Wire.exchange(request));
                    }));
        }
        contract.assertKept(1_000);
    }

    @Test
    void theFilterOfAnOrderOverDeadLettersIsAsStrictAsThatOfTheList() {
        Contract contract = new Contract();
        for (String field : List.of("operation", "lane", "error_code", "failed_after", "failed_before", "x", "")) {
            VALUES.values()
                    .forEach(values -> values.forEach(value -> {
                        byte[] request = estate.request(
                                "POST", "/v1/dead-letters/discard", "{\"filter\":{\"" + field + "\":" + value + "}}");
                        contract.heldBy("filter " + field + " " + shortened(value), Wire.exchange(request));
                    }));
        }
        contract.assertKept(500);
    }

    /// What is no text is not guessed at: a filter that selects otherwise than meant would replay or
    /// discard the wrong jobs.
    @Test
    void theFilterOfAnOrderTakesTextsAlone() {
        Contract contract = new Contract();
        for (String field : List.of("operation", "lane", "error_code", "failed_after", "failed_before")) {
            for (String value : List.of("1", "true", "[]", "{}", "[\"chat\"]")) {
                contract.refusedFor(
                        field + " " + value,
                        "/filter/" + field,
                        Wire.exchange(estate.request(
                                "POST", "/v1/dead-letters/discard", "{\"filter\":{\"" + field + "\":" + value + "}}")));
            }
        }
        contract.assertKept(25);
    }

    @Test
    void racingForOneNameMakesOneTenant() {
        for (int round = 0; round < 5; round++) {
            String body = "{\"name\":\"race-" + Long.toHexString(System.nanoTime()) + "\"}";
            List<CompletableFuture<Api.Answer>> answers = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                answers.add(Api.later(() -> Api.operator().post("/v1/admin/tenants", body)));
            }
            List<Integer> statuses = answers.stream()
                    .map(answer -> answer.join().status())
                    .sorted()
                    .toList();
            assertThat(statuses).containsExactly(201, 409, 409, 409, 409, 409, 409, 409);
        }
    }

    @Test
    void theServiceWorksAfterwards() {
        assertThat(estate.owner().submit(Bodies.chat("")).status()).isEqualTo(202);
    }

    /// Whether a value of this kind may stand in the field at all. What is null counts as absent.
    private static boolean rightKind(JsonNode schema, String kind) {
        if (kind.equals("null") || schema.path("type").isMissingNode()) {
            return true;
        }
        for (JsonNode type : schema.path("type").isArray()
                ? schema.path("type")
                : JSON.createArrayNode().add(schema.path("type"))) {
            if (type.asText().equals(kind) || type.asText().equals("integer") && kind.equals("number")) {
                return true;
            }
        }
        return false;
    }

    /// The sample with a mark in place of the field.
    private static String withHere(String sample, String pointer) {
        try {
            ObjectNode root = (ObjectNode) JSON.readTree(sample);
            if (pointer.startsWith("/filter")) {
                root.removeAll();
            }
            if (pointer.equals("/delay_seconds")) {
                root.remove("run_at");
            }
            ObjectNode object = root;
            String[] names = pointer.substring(1).split("/");
            for (int i = 0; i < names.length - 1; i++) {
                object = object.path(names[i]).isObject()
                        ? (ObjectNode) object.get(names[i])
                        : object.putObject(names[i]);
            }
            object.put(names[names.length - 1], "HERE");
            return root.toString();
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    private static String parent(String pointer) {
        int slash = pointer.lastIndexOf('/');
        return slash <= 0 ? pointer : pointer.substring(0, slash);
    }

    private static String shortened(String value) {
        return value.length() <= 90 ? value : value.substring(0, 90) + "...";
    }

    private static String many(int pairs) {
        StringBuilder object = new StringBuilder("{\"k\":\"v\"");
        for (int i = 0; i < pairs; i++) {
            object.append(",\"k").append(i).append("\":\"v\"");
        }
        return object.append('}').toString();
    }
}
