package dev.longshore.api.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.Platform;
import dev.longshore.problem.ProblemCode;
import io.quarkus.test.junit.QuarkusTest;
import java.sql.SQLException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

@QuarkusTest
@Platform
class HostileQueriesTest extends OnAnEstate {
    private static final List<String> VALUES = List.of(
            "",
            "%20",
            "0",
            "-1",
            "1.5",
            "1e3",
            "101",
            "2147483648",
            "9223372036854775808",
            "9".repeat(1_000),
            "NaN",
            "%d9%a1",
            "+1",
            "1%20",
            "true",
            "null",
            "x",
            "x".repeat(10_000),
            "%00",
            "a%00b",
            "%ff",
            "%c0%af",
            "%ed%a0%80",
            "%f0%9f%98%80",
            "%e2%80%ae",
            "%0d%0aX:%20y",
            "'",
            "%27%3b%20DROP%20TABLE%20job%3b--",
            "%25s%25n",
            "%25",
            "..%2f..%2fetc%2fpasswd",
            "%7b%7d",
            "%5b%5d",
            "%3cscript%3e",
            "a,b",
            "*",
            "job_",
            "job_00000000000000000000000000000000",
            "job_ffffffffffffffffffffffffffffffff",
            "job_0199A0000000700080000000000000FF",
            "tenant_0",
            "tenant_2147483648",
            "tenant_999999999",
            "key_00000000000000000000000000000000",
            "2026-01-01",
            "2026-01-01T00:00:00",
            "-999999999-01-01T00:00:00Z",
            "%2B999999999-12-31T23:59:59Z",
            "1969-12-31T23:59:59Z",
            "0000-01-01T00:00:00Z",
            "9999-12-31T23:59:59%2B18:00",
            "2026-01-01T00:00:00%2B25:00",
            "chat@",
            "@1",
            "chat@99999999999",
            "chat@x");

    @Test
    void everyParameterOfEveryCallRefusesWhatItCannotTake() throws SQLException {
        Contract contract = new Contract();
        Map<String, Long> before = estate.census();
        int tried = 0;
        for (Route route : Route.all()) {
            if (route.method().equals("GET")) {
                Set<String> names = new LinkedHashSet<>(route.queries());
                names.addAll(List.of("limit", "after", "label.x", "label.", "label.%00", "label.%ff"));
                for (String name : names) {
                    for (String value : VALUES) {
                        tried++;
                        contract.heldBy(
                                route.path() + "?" + name + "=" + (value.length() < 100 ? value : "long"),
                                Wire.exchange(
                                        estate.request("GET", estate.path(route) + "?" + name + "=" + value, "")));
                    }
                }
            }
        }
        contract.assertKept(tried);
        assertThat(tried).isGreaterThan(2_000);
        assertThat(estate.census()).isEqualTo(before);
    }

    @Test
    void parametersThatSayNothingOrTooMuchAreRefusedByName() {
        Contract contract = new Contract();
        for (Route route : Route.all()) {
            if (route.method().equals("GET")) {
                String path = estate.path(route);
                for (String name :
                        List.of("x", "Limit", "LIMIT", "limit%00", "status%5b%5d", "%24where", "%f0%9f%98%80")) {
                    contract.refused(
                            path + "?" + name,
                            Wire.exchange(estate.request("GET", path + "?" + name + "=1", "")),
                            ProblemCode.INVALID_REQUEST);
                }
                for (String name : route.queries()) {
                    contract.refusedFor(
                            path + " twice " + name,
                            "/" + name,
                            Wire.exchange(estate.request("GET", path + "?" + name + "=1&" + name + "=1", "")));
                }
                for (String limit : List.of("0", "101", "-1", "x", "", "1.0", "99999999999999999999")) {
                    if (route.queries().contains("limit")) {
                        contract.refusedFor(
                                path + " limit " + limit,
                                "/limit",
                                Wire.exchange(estate.request("GET", path + "?limit=" + limit, "")));
                    }
                }
                contract.heldBy(
                        path + " with many",
                        Wire.exchange(estate.request("GET", path + "?" + "a=b&".repeat(3_000), "")));
                contract.heldBy(
                        path + " with many names", Wire.exchange(estate.request("GET", path + "?" + manyNames(), "")));
                for (String query : List.of(
                        "?", "?&&&", "?=", "?=&=", "?a", "?a=b=c", "?;a=b", "??", "?%", "?%zz=1", "?a=%zz", "?a=%",
                        "?a={}", "?\"")) {
                    contract.heldBy(path + query, Wire.exchange(estate.request("GET", path + query, "")));
                }
            }
        }
        contract.assertKept(150);
    }

    /// A cursor is an id and says no more than where to go on: another tenant's shows nothing of it.
    @Test
    void anotherTenantsCursorShowsNothing() throws SQLException {
        Estate other = new Estate(database);
        for (String path : List.of("/v1/jobs", "/v1/dead-letters")) {
            Reply page = Wire.exchange(estate.request("GET", path + "?after=" + other.job(), ""))
                    .orElseThrow();
            assertThat(page.status()).isEqualTo(200);
            assertThat(page.text()).doesNotContain(other.job());
            page.json()
                    .path("data")
                    .forEach(job -> assertThat(job.path("job_id").asText()).isLessThan(other.job()));
        }
        for (Route route : Route.all()) {
            if (route.path().startsWith("/v1/jobs/{id}")) {
                Reply reply = Wire.exchange(estate.request(route.method(), route.with(_ -> other.job()), ""))
                        .orElseThrow();
                assertThat(reply.code()).as(route.name()).isEqualTo("NOT_FOUND");
            }
        }
    }

    private static String manyNames() {
        StringBuilder query = new StringBuilder();
        for (int i = 0; i < 1_500; i++) {
            query.append('n').append(i).append("=1&");
        }
        return query.toString();
    }
}
