package dev.longshore.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longshore.api.Api.Answer;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@Platform
class SubmitTest {
    private final Api api = Api.operator();

    @Inject
    DataSource database;

    @Test
    void aJobIsAcceptedAndFoundAgain() {
        Answer answer = api.submit(Bodies.chat(""));

        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        assertThat(answer.header("Location")).isEqualTo("/v1/jobs/" + answer.jobId());
        assertThat(answer.header("Retry-After")).isNotBlank();
        assertThat(answer.json().path("queue_position").asLong()).isPositive();
        Answer found = api.get("/v1/jobs/" + answer.jobId());
        assertThat(found.status()).as(found.body()).isEqualTo(200);
        assertThat(found.jobId()).isEqualTo(answer.jobId());
        assertThat(found.json().path("status").asText()).isEqualTo("queued");
        assertThat(found.json().path("queue_position").asLong()).isPositive();
        assertThat(found.json().path("eta_seconds").isNumber()).isTrue();
    }

    @Test
    void aFreshJobHasEveryFieldOfTheContract() {
        JsonNode job = api.submit(Bodies.chat(",\"labels\":{\"team\":\"search\"},\"lane\":\"batch\""))
                .json();

        assertThat(job.fieldNames())
                .toIterable()
                .contains(
                        "job_id",
                        "status",
                        "progress",
                        "progress_message",
                        "operation",
                        "lane",
                        "labels",
                        "batch_id",
                        "attempt",
                        "max_attempts",
                        "waiting",
                        "queue_position",
                        "eta_seconds",
                        "created_at",
                        "started_at",
                        "finished_at",
                        "deadline_at",
                        "expires_at",
                        "result",
                        "error",
                        "confidence",
                        "alternatives",
                        "requires_human_review",
                        "usage",
                        "cost_usd",
                        "metadata",
                        "links");
        assertThat(job.path("operation").asText()).isEqualTo("chat@1");
        assertThat(job.path("labels").path("team").asText()).isEqualTo("search");
        assertThat(job.path("max_attempts").asInt()).isEqualTo(5);
        assertThat(job.path("created_at").asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
        Instant created = Instant.parse(job.path("created_at").asText());
        assertThat(Instant.parse(job.path("deadline_at").asText())).isEqualTo(created.plus(24, ChronoUnit.HOURS));
        assertThat(Instant.parse(job.path("expires_at").asText())).isEqualTo(created.plus(30, ChronoUnit.DAYS));
        assertThat(job.path("metadata").fieldNames())
                .toIterable()
                .contains(
                        "trace_id",
                        "provider",
                        "model",
                        "model_version",
                        "latency_ms",
                        "queue_ms",
                        "attempts",
                        "fallback",
                        "cached",
                        "prompt_version",
                        "sources_used",
                        "validation");
        assertThat(job.path("links").path("self").asText())
                .endsWith(job.path("job_id").asText());
        assertThat(job.path("links").path("events").asText()).endsWith("/events");
        assertThat(job.path("links").path("cancel").asText()).endsWith("/cancel");
    }

    @Test
    void theFreshJobAndTheJobFoundAgainAgree() {
        Answer fresh =
                api.submit(Bodies.chat(",\"run_at\":\"" + Instant.now().plusSeconds(3600) + "\",\"priority\":7"));
        JsonNode found = api.get("/v1/jobs/" + fresh.jobId()).json();

        for (String field : List.of(
                "status",
                "operation",
                "lane",
                "priority",
                "labels",
                "max_attempts",
                "waiting",
                "created_at",
                "deadline_at",
                "expires_at",
                "metadata",
                "links",
                "result",
                "error",
                "cost_usd")) {
            assertThat(found.path(field)).as(field).isEqualTo(fresh.json().path(field));
        }
        assertThat(found.path("waiting").path("reason").asText()).isEqualTo("scheduled");
    }

    /// Whether the time had come was looked at when the request was read, and again when the job was written.
    @Test
    void anAnswerSaysWhatWasWrittenHoweverCloseTheTimeIs() {
        for (int micros = 0; micros < 12_000; micros += 250) {
            Answer answer =
                    api.submit(Bodies.chat(",\"run_at\":\"" + Instant.now().plusNanos(micros * 1_000L) + "\""));

            assertThat(answer.status()).as(answer.body()).isEqualTo(202);
            JsonNode now = api.get("/v1/jobs/" + answer.jobId()).json();
            assertThat(answer.json().path("status")).as(answer.body()).isEqualTo(now.path("status"));
            assertThat(answer.json().path("waiting").isNull())
                    .isEqualTo(now.path("waiting").isNull());
        }
    }

    @Test
    void theInputIsKeptAsItCameIn() throws SQLException {
        String input =
                "{\"model\" : \"sim-small\",\n\"messages\":[{\"role\":\"user\",\"content\":\"gr\u00fc\u00df \\u0000 \ud83d\ude00\"}],"
                        + "\"temperature\":0.10, \"seed\":12345678901234567890, \"of_the_future\":{\"a\":[1e2]}}";
        Answer answer = api.submit("{ \"input\": " + input + " , \"operation\":\"chat\"}");

        assertThat(answer.status()).as(answer.body()).isEqualTo(202);
        assertThat(column(answer.jobId(), "input")).isEqualTo(input);
    }

    @Test
    void onlyWhatIsOutOfTheOrdinaryIsKeptAsOptions() throws SQLException {
        assertThat(column(
                        api.submit(Bodies.chat(",\"fallback\":true,\"cache\":\"default\""))
                                .jobId(),
                        "options"))
                .isNull();
        String options = column(
                api.submit(Bodies.chat(
                                ",\"fallback\":false,\"cache\":\"refresh\",\"region\":\"eu\",\"max_cost_usd\":0.05,"
                                        + "\"retry\":{\"max_attempts\":2,\"initial_delay_seconds\":0.5},\"on_unknown_outcome\":\"fail\","
                                        + "\"data_class\":\"internal\""))
                        .jobId(),
                "options");
        assertThat(new com.fasterxml.jackson.databind.ObjectMapper()
                        .valueToTree(options)
                        .asText())
                .contains(
                        "\"fallback\":false",
                        "\"cache\":\"refresh\"",
                        "\"region\":\"eu\"",
                        "\"max_cost_usd\":0.05",
                        "\"initial_delay_seconds\":0.5",
                        "\"on_unknown_outcome\":\"fail\"");
    }

    @Test
    void aDelayedJobWaitsUntilItsTime() {
        JsonNode job = api.submit(Bodies.chat(",\"delay_seconds\":3600")).json();

        assertThat(job.path("status").asText()).isEqualTo("waiting");
        assertThat(Instant.parse(job.path("waiting").path("until").asText()))
                .isBetween(Instant.now().plusSeconds(3500), Instant.now().plusSeconds(3700));
        assertThat(job.path("queue_position").isNull()).isTrue();
    }

    @Test
    void aStartInThePastIsNow() {
        assertThat(api.submit(Bodies.chat(",\"run_at\":\"2020-01-01T00:00:00Z\""))
                        .json()
                        .path("status")
                        .asText())
                .isEqualTo("queued");
    }

    /// Of its provider, that is; the job itself is answered and read like any other.
    @Test
    void aChatMayAskForAStream() {
        String body = Bodies.chat("").replace("\"model\"", "\"stream\":true,\"model\"");

        assertThat(api.submit(body).status()).isEqualTo(202);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/operation                    | {\"input\":{}}",
                "/operation                    | {\"operation\":7,\"input\":{}}",
                "/input                        | {\"operation\":\"chat\"}",
                "/input                        | {\"operation\":\"chat\",\"input\":\"hello\"}",
                "/input/model                  | {\"operation\":\"chat\",\"input\":{\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}}",
                "/input/messages               | {\"operation\":\"chat\",\"input\":{\"model\":\"sim-small\"}}",
                "/input/messages               | {\"operation\":\"chat\",\"input\":{\"model\":\"sim-small\",\"messages\":[]}}",
                "/input/messages/0/role        | {\"operation\":\"chat\",\"input\":{\"model\":\"sim-small\",\"messages\":[{\"role\":\"boss\",\"content\":\"a\"}]}}",
                "/input/messages/0/content     | {\"operation\":\"chat\",\"input\":{\"model\":\"sim-small\",\"messages\":[{\"role\":\"user\"}]}}",
                "/input/stream                 | {\"operation\":\"chat\",\"input\":{\"model\":\"sim-small\",\"stream\":\"yes\",\"messages\":[{\"role\":\"user\",\"content\":\"a\"}]}}",
                "/input/input                  | {\"operation\":\"embed\",\"input\":{\"model\":\"sim-embed\"}}",
                "/input/input                  | {\"operation\":\"embed\",\"input\":{\"model\":\"sim-embed\",\"input\":[]}}",
                "/input/model                  | {\"operation\":\"embed\",\"input\":{\"model\":\"sim-small\",\"input\":\"a\"}}",
            })
    void aWrongInputIsNamedByItsPointer(String pointer, String body) {
        Answer answer = api.submit(body);

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("INVALID_REQUEST");
        assertThat(answer.json().path("error").path("details").path("errors").findValuesAsText("pointer"))
                .contains(pointer);
        assertThat(answer.header("x-should-retry")).isEqualTo("false");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/lane                        | \"lane\":\"express\"",
                "/lane                        | \"lane\":3",
                "/priority                    | \"priority\":101",
                "/priority                    | \"priority\":-101",
                "/priority                    | \"priority\":1.5",
                "/priority                    | \"priority\":99999999999999999999",
                "/run_at                      | \"run_at\":\"tomorrow\"",
                "/run_at                      | \"run_at\":\"2099-01-01T00:00:00Z\"",
                "/delay_seconds               | \"delay_seconds\":-1",
                "/delay_seconds               | \"delay_seconds\":1,\"run_at\":\"2026-01-01T00:00:00Z\"",
                "/deadline_seconds            | \"deadline_seconds\":0",
                "/deadline_seconds            | \"deadline_seconds\":2592001",
                "/retry                       | \"retry\":5",
                "/retry/max_attempts          | \"retry\":{\"max_attempts\":0}",
                "/retry/max_attempts          | \"retry\":{\"max_attempts\":21}",
                "/retry/jitter                | \"retry\":{\"jitter\":1.1}",
                "/retry/multiplier            | \"retry\":{\"multiplier\":0.5}",
                "/retry/initial_delay_seconds | \"retry\":{\"initial_delay_seconds\":1e999999999}",
                "/retry/retry_on              | \"retry\":{\"retry_on\":[\"weather\"]}",
                "/retry/after_last            | \"retry\":{\"after_last\":\"cry\"}",
                "/retry/patience              | \"retry\":{\"patience\":1}",
                "/fallback                    | \"fallback\":\"no\"",
                "/cache                       | \"cache\":\"always\"",
                "/max_cost_usd                | \"max_cost_usd\":-1",
                "/max_cost_usd                | \"max_cost_usd\":1e-999999999",
                "/on_unknown_outcome          | \"on_unknown_outcome\":\"panic\"",
                "/data_class                  | \"data_class\":\"secret\"",
                "/region                      | \"region\":\"E U\"",
                "/webhook                     | \"webhook\":{}",
                "/webhook/url                 | \"webhook\":{\"url\":\"ftp://example.com\"}",
                "/webhook/url                 | \"webhook\":{\"url\":\"https://me:secret@example.com\"}",
                "/webhook/url                 | \"webhook\":{\"url\":\"https://10.1.2.3/hook\"}",
                "/webhook/url                 | \"webhook\":{\"url\":\"https://169.254.169.254/latest\"}",
                "/webhook/url                 | \"webhook\":{\"url\":\"https://[::1]:8080/\"}",
                "/webhook/url                 | \"webhook\":{\"url\":\"http://93.184.216.34/\"}",
                "/webhook/endpoint_id         | \"webhook\":{\"endpoint_id\":\"we_1\"}",
                "/webhook/endpoint_id         | \"webhook\":{\"endpoint_id\":\"we_0199a0000000700080000000000000ff\"}",
                "/webhook                     | \"webhook\":{\"url\":\"https://example.com\",\"endpoint_id\":\"we_0199a0000000700080000000000000ff\"}",
                "/webhook/events              | \"webhook\":{\"url\":\"https://example.com\",\"events\":[]}",
                "/webhook/events              | \"webhook\":{\"url\":\"https://example.com\",\"events\":[\"batch.complete\"]}",
                "/webhook/events              | \"webhook\":{\"url\":\"https://example.com\",\"events\":[\"job.exploded\"]}",
                "/labels                      | \"labels\":[]",
                "/labels/a                    | \"labels\":{\"a\":1}",
                "/labels/a~1b                 | \"labels\":{\"a/b\":null}",
                "/labels/a                    | \"labels\":{\"a\":\"x\\u0000y\"}",
                "/labels/a                    | \"labels\":{\"a\":\"\\ud800\"}",
                "/colour                      | \"colour\":\"red\"",
            })
    void aWrongFieldIsNamedByItsPointer(String pointer, String field) {
        Answer answer = api.submit(Bodies.chat("," + field));

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("INVALID_REQUEST");
        assertThat(answer.json().path("error").path("details").path("errors").findValuesAsText("pointer"))
                .containsExactly(pointer);
    }

    @Test
    void everythingThatIsWrongIsToldAtOnce() {
        Answer answer = api.submit("{\"operation\":\"chat\",\"input\":{},\"priority\":1000,\"lane\":\"x\",\"huh\":1}");

        assertThat(answer.json().path("error").path("details").path("errors").findValuesAsText("pointer"))
                .containsExactlyInAnyOrder("/input/model", "/input/messages", "/priority", "/lane", "/huh");
    }

    @Test
    void tooManyAndTooLongLabelsAreRefused() {
        StringBuilder many = new StringBuilder(",\"labels\":{");
        for (int i = 0; i < 17; i++) {
            many.append(i == 0 ? "" : ",").append("\"k").append(i).append("\":\"v\"");
        }
        assertThat(api.submit(Bodies.chat(many + "}")).code()).isEqualTo("INVALID_REQUEST");
        assertThat(api.submit(Bodies.chat(",\"labels\":{\"" + "k".repeat(65) + "\":\"v\"}"))
                        .code())
                .isEqualTo("INVALID_REQUEST");
        assertThat(api.submit(Bodies.chat(",\"labels\":{\"k\":\"" + "v".repeat(513) + "\"}"))
                        .code())
                .isEqualTo("INVALID_REQUEST");
        assertThat(api.submit(Bodies.chat(",\"labels\":{\"" + "k".repeat(64) + "\":\"" + "v".repeat(512) + "\"}"))
                        .status())
                .isEqualTo(202);
    }

    @Test
    void whatDoesNotExistIsNamed() {
        assertThat(api.submit("{\"operation\":\"sing\",\"input\":{}}").code()).isEqualTo("UNKNOWN_OPERATION");
        assertThat(api.submit("{\"operation\":\"chat@2\",\"input\":{}}").code()).isEqualTo("UNKNOWN_OPERATION");
        Answer model = api.submit(Bodies.chat("").replace("sim-small", "gpt-99"));
        assertThat(model.status()).isEqualTo(400);
        assertThat(model.code()).isEqualTo("UNKNOWN_MODEL");
        assertThat(model.json().path("error").path("param").asText()).isEqualTo("input.model");
    }

    @Test
    void pinnedOperationsAndEmbeddingsAreTaken() {
        assertThat(api.submit(Bodies.chat("").replace("\"chat\"", "\"chat@1\"")).status())
                .isEqualTo(202);
        Answer embed =
                api.submit("{\"operation\":\"embed\",\"input\":{\"model\":\"sim-embed\",\"input\":[\"a\",\"b\"]}}");
        assertThat(embed.status()).as(embed.body()).isEqualTo(202);
        assertThat(embed.json().path("operation").asText()).isEqualTo("embed@1");
    }

    @Test
    void anInputThatDoesNotFitIsRefusedWithItsTokens() {
        String text = "word ".repeat(9_000);
        Answer answer =
                api.submit("{\"operation\":\"embed\",\"input\":{\"model\":\"sim-embed\",\"input\":\"" + text + "\"}}");

        assertThat(answer.status()).as(answer.body()).isEqualTo(400);
        assertThat(answer.code()).isEqualTo("CONTEXT_LENGTH_EXCEEDED");
        JsonNode details = answer.json().path("error").path("details");
        assertThat(details.path("max_tokens").asInt()).isEqualTo(8192);
        assertThat(details.path("input_tokens").asInt()).isBetween(8_900, 9_200);
        assertThat(details.path("suggestion").asText()).isNotBlank();
    }

    @Test
    void anInputThatFitsOnlyByCountingIsTaken() {
        String text = "word ".repeat(5_000);
        assertThat(api.submit("{\"operation\":\"embed\",\"input\":{\"model\":\"sim-embed\",\"input\":\"" + text
                                + "\"}}")
                        .status())
                .isEqualTo(202);
    }

    @Test
    void aBoundBelowTheInputsOwnCostIsRefused() {
        assertThat(api.submit(Bodies.chat(",\"max_cost_usd\":0.000000001")).code())
                .isEqualTo("INVALID_REQUEST");
        assertThat(api.submit(Bodies.chat(",\"max_cost_usd\":0.01")).status()).isEqualTo(202);
    }

    @Test
    void anEstimateTellsTokensAndCostAndAcceptsNothing() {
        Answer answer = api.post("/v1/jobs/estimate", Bodies.chat(""));

        assertThat(answer.status()).as(answer.body()).isEqualTo(200);
        JsonNode estimate = answer.json();
        assertThat(estimate.path("input_tokens").asInt()).isBetween(3, 20);
        assertThat(estimate.path("max_output_tokens").asInt()).isEqualTo(16384);
        assertThat(estimate.path("expected_cost_usd").decimalValue()).isPositive();
        assertThat(estimate.path("max_cost_usd").decimalValue())
                .isGreaterThan(estimate.path("expected_cost_usd").decimalValue());
        assertThat(estimate.has("job_id")).isFalse();
        assertThat(api.post("/v1/jobs/estimate", "{}").code()).isEqualTo("INVALID_REQUEST");
    }

    private String column(String jobId, String name) throws SQLException {
        try (Connection connection = database.getConnection();
                var statement = connection.prepareStatement(
                        "SELECT " + name + " FROM job WHERE tenant_id = 1 AND job_id = ?")) {
            statement.setObject(
                    1,
                    UUID.fromString(
                            jobId.substring(4).replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5")));
            try (var row = statement.executeQuery()) {
                assertThat(row.next()).isTrue();
                return row.getString(1);
            }
        }
    }
}
