package dev.longshore.api.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.api.Api;
import dev.longshore.api.Platform;
import dev.longshore.problem.ProblemCode;
import io.quarkus.arc.Arc;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.Bean;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.junit.jupiter.api.Test;

@QuarkusTest
@Platform
class HostilePathsTest extends OnAnEstate {
    /// What may stand where an id is expected.
    private static final List<String> IDS = List.of(
            "x",
            "0",
            "-1",
            "null",
            "undefined",
            "true",
            "*",
            "..",
            "...",
            "%00",
            "job_%00",
            "%0a",
            "%0d%0aX:y",
            "%20",
            "%2e%2e",
            "%2e%2e%2f%2e%2e",
            "..%2f..%2fetc%2fpasswd",
            "%2f",
            "%5c..%5c",
            "%c0%af",
            "%ff",
            "%ed%a0%80",
            "%f0%9f%98%80",
            "%e2%80%ae",
            "%ef%bb%bf",
            "%25",
            "%2500",
            "%253c",
            ";",
            ";a=b",
            "a;b=c",
            ":",
            "@",
            "a:b",
            "'",
            "%27%20OR%201=1--",
            "%22",
            "%3cscript%3e",
            "$%7bjndi:ldap://x%7d",
            "%25s%25n",
            "job_",
            "job_1",
            "job_0199A000000070008000000000000000",
            "job_00000000000000000000000000000000",
            "job_ffffffffffffffffffffffffffffffff",
            "job_0199a0000000700080000000000000000",
            "job_%30199a000000070008000000000000000",
            "tenant_0",
            "tenant_01",
            "tenant_-1",
            "tenant_2147483648",
            "tenant_99999999999999999999",
            "tenant_1e3",
            "tenant_%d9%a1",
            "key_",
            "key_00000000000000000000000000000000",
            "key_zz",
            "we_1",
            "{id}".replace("{", "%7b").replace("}", "%7d"),
            "~",
            "!$&'()*+,=");

    /// What is no URI.
    private static final List<String> NO_URIS = List.of(
            "%",
            "%zz",
            "%0",
            "%g0",
            "{id}",
            "<x>",
            "\"",
            "\\",
            "^",
            "`",
            "|",
            "a|b",
            "[x]",
            "\u00e4",
            "\u00ff\u00fe",
            "%%",
            "a%");

    /// The description is what the other tests here go by: a call that it left out would be tried by
    /// none of them. What is not for callers is hidden there, and has a hostile test of its own.
    @Test
    void theDescriptionLeavesNoCallOut() {
        Set<String> described = new TreeSet<>();
        Route.all().forEach(route -> described.add(route.name()));
        Set<String> there = new TreeSet<>();
        for (Bean<?> bean : Arc.container().beanManager().getBeans(Object.class, Any.Literal.INSTANCE)) {
            Path root = bean.getBeanClass().getAnnotation(Path.class);
            if (root != null && bean.getBeanClass().getName().startsWith("dev.longshore")) {
                for (Method method : bean.getBeanClass().getDeclaredMethods()) {
                    for (Annotation annotation : method.getAnnotations()) {
                        HttpMethod verb = annotation.annotationType().getAnnotation(HttpMethod.class);
                        Operation operation = method.getAnnotation(Operation.class);
                        if (verb != null && (operation == null || !operation.hidden())) {
                            Path path = method.getAnnotation(Path.class);
                            String template = root.value() + (path == null ? "" : path.value());
                            // A parameter's pattern is our own affair.
                            there.add(verb.value() + " " + template.replaceAll("\\{(\\w+):[^}]*}", "{$1}"));
                        }
                    }
                }
            }
        }
        assertThat(there).isNotEmpty();
        assertThat(described).containsAll(there);
    }

    @Test
    void whatIsNoIdIsNotFound() throws SQLException {
        Contract contract = new Contract();
        Map<String, Long> before = estate.census();
        for (Route route : Route.all()) {
            if (route.hasParameters()) {
                for (String id : IDS) {
                    ask(contract, route, route.with(_ -> id));
                }
                for (String id : NO_URIS) {
                    contract.refused(
                            route.name() + " " + id,
                            send(route, route.with(_ -> id)),
                            ProblemCode.INVALID_REQUEST,
                            ProblemCode.NOT_FOUND);
                }
                for (int length : new int[] {1_000, 10_000, 20_000, 100_000}) {
                    contract.refused(route.name() + " of " + length, send(route, route.with(_ -> "x".repeat(length))));
                }
            }
        }
        contract.assertKept(500);
        assertThat(estate.census()).isEqualTo(before);
    }

    private void ask(Contract contract, Route route, String path) {
        contract.refused(
                route.name() + " as " + path,
                send(route, path),
                ProblemCode.NOT_FOUND,
                ProblemCode.METHOD_NOT_ALLOWED,
                ProblemCode.INVALID_REQUEST);
    }

    /// Other spellings of a path are either the same path or none, and the same key is asked for. The
    /// router once dropped what follows a semicolon after the scope had been looked up by the whole
    /// path, and a key for jobs made keys.
    @Test
    void otherSpellingsOfAPathOpenNoDoor() {
        Contract contract = new Contract();
        for (Route route : Route.all()) {
            String path = estate.path(route);
            List<String> spellings = List.of(
                    path + "/",
                    path + "//",
                    "/" + path,
                    "///" + path,
                    path.replace("/v1/", "/v1//"),
                    path.replace("/v1/", "/./v1/./"),
                    path.replace("/v1/", "/v1/x/../"),
                    path.replace("/v1/", "/v1/x/%2e%2e/"),
                    path.replace("/v1/", "/v1/x/..%2f"),
                    path.replace("/v1/", "/%76%31/"),
                    path.replace("/v1/", "/V1/"),
                    path.replace("/v1/", "/v1;a=b/"),
                    path.replace("/v1/", "/v1;/"),
                    path.replace("/v1/", "/;/v1/"),
                    path.replace("/v1/", "/v1%2f"),
                    path.replace("/v1/", "/v1%3b/"),
                    path.replace("/v1/", "/q/../v1/"),
                    path.replace("/v1/", "/q/%2e%2e/v1/"),
                    path.replace("/v1/", "/q/..%2fv1/"),
                    path.replace("/v1/", "/q/..;/v1/"),
                    path.replace("/v1/", "/q/%2e%2e%2fv1/"),
                    path.replace("/v1/", "/openapi/../v1/"),
                    path.replace("/v1/", "/openapi/ui/..%2f..%2fv1/"),
                    path.replace("/v1/admin", "/v1/%61dmin"),
                    path.replace("/v1/admin", "/v1/admin;x=y"),
                    path.replace("/v1/admin", "/v1//admin"),
                    path.replace("/v1/admin", "/v1/./admin"),
                    path.replace("/v1/admin", "/v1/jobs/../admin"),
                    path.replace("/v1/admin", "/v1/jobs/%2e%2e/admin"),
                    path.replace("/v1/admin", "/v1/jobs/..%2fadmin"),
                    path.replace("/v1/admin", "/v1/jobs/..;/admin"),
                    path + "%20",
                    path + "%00",
                    path + ".json",
                    path + ";a=b",
                    path + "#fragment");
            for (String spelling : spellings) {
                String what = route.method() + " " + spelling;
                // Without a key nothing but a refusal comes back.
                contract.refused(
                        what,
                        Wire.exchange(
                                route.method() + " " + spelling + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"),
                        ProblemCode.UNAUTHENTICATED,
                        ProblemCode.NOT_FOUND,
                        ProblemCode.INVALID_REQUEST);
                if (path.startsWith("/v1/admin")) {
                    // Nor with one for jobs alone.
                    contract.refused(
                            what + " with a key for jobs",
                            Wire.exchange(route.method() + " " + spelling
                                    + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nAuthorization: Bearer "
                                    + estate.owner().key() + "\r\n\r\n"),
                            ProblemCode.FORBIDDEN,
                            ProblemCode.NOT_FOUND,
                            ProblemCode.METHOD_NOT_ALLOWED,
                            ProblemCode.INVALID_REQUEST);
                } else if (!route.takesBody()) {
                    contract.heldBy(
                            what + " with its key", Wire.exchange(estate.request(route.method(), spelling, "")));
                }
            }
        }
        contract.assertKept(700);
    }

    @Test
    void nothingIsNowhere() {
        Contract contract = new Contract();
        for (String path : List.of(
                "/",
                "/x",
                "/v1",
                "/v1/",
                "/v2/jobs",
                "/v1/job",
                "/v1/jobs/a/b/c",
                "/v1/admin",
                "/v1/admin/",
                "/admin",
                "/index.html",
                "/favicon.ico",
                "/.env",
                "/.git/config",
                "/WEB-INF/web.xml",
                "/META-INF/MANIFEST.MF",
                "/application.properties",
                "/openapi/x",
                "/openapi/ui/../../x",
                "/q/x",
                "/q",
                "/q/health/x",
                "/q/dev",
                "/q/dev-ui",
                "/q/arc",
                "/q/arc/beans",
                "/q/openapi/x",
                "/q/swagger-ui/x",
                "/q/..",
                "/q/../..",
                "/openapi/ui/%2e%2e/%2e%2e/x",
                "/" + "x/".repeat(3_000),
                "/" + "../".repeat(3_000),
                "/%2f%2f",
                "/;",
                "/*",
                "/v1/chat/completions/x")) {
            for (String method : List.of("GET", "POST", "DELETE")) {
                contract.refused(
                        method + " " + (path.length() < 100 ? path : "a long one"),
                        Wire.exchange(estate.request(method, path, method.equals("POST") ? "{}" : "")));
            }
        }
        contract.assertKept(100);
    }

    @Test
    void everyPathTellsWhichMethodsItTakes() throws SQLException {
        Contract contract = new Contract();
        Map<String, Long> before = estate.census();
        List<Route> routes = Route.all();
        for (Route route : routes) {
            Set<String> known = new TreeSet<>();
            // An id may be spelled like the name of another call.
            routes.stream()
                    .filter(other -> estate.path(route).matches(other.with(_ -> "[^/]+")))
                    .forEach(other -> known.add(other.method()));
            for (String method : List.of(
                    "GET",
                    "POST",
                    "PUT",
                    "PATCH",
                    "DELETE",
                    "TRACE",
                    "CONNECT",
                    "PROPFIND",
                    "MKCOL",
                    "BREW",
                    "get",
                    "Post",
                    "X",
                    "GETT",
                    "M-SEARCH",
                    "PURGE",
                    "x".repeat(1_000))) {
                if (!known.contains(method)) {
                    Optional<Reply> reply = Wire.exchange(estate.request(method, estate.path(route), ""));
                    String what = method + " " + route.path();
                    contract.refused(what, reply, ProblemCode.METHOD_NOT_ALLOWED);
                    reply.ifPresent(answer -> {
                        Set<String> allowed = new TreeSet<>(
                                List.of(String.valueOf(answer.header("allow")).split(", ")));
                        if (!allowed.containsAll(known)) {
                            contract.breach(what, "allows " + allowed + " where there are " + known);
                        }
                    });
                }
            }
            try (Wire wire = Wire.open()) {
                // The answer to a HEAD has no body, whatever its status: HTTP wills it so.
                Reply head = wire.send(estate.request("HEAD", estate.path(route), ""))
                        .reply(true)
                        .orElseThrow();
                assertThat(head.status()).as("HEAD " + route.path()).isIn(200, 404, 405);
                assertThat(head.header("x-request-id")).isNotBlank();
            }
            Reply options = Wire.exchange(estate.request("OPTIONS", estate.path(route), ""))
                    .orElseThrow();
            assertThat(options.status()).as("OPTIONS " + route.path()).isIn(200, 204, 405);
        }
        contract.assertKept(150);
        assertThat(estate.census()).isEqualTo(before);
    }

    /// Those that need no key are tried like the others.
    @Test
    void openPathsHoldTheContractToo() {
        Contract contract = new Contract();
        for (String path :
                List.of("/q/health", "/q/health/live", "/q/health/ready", "/q/metrics", "/openapi", "/openapi/ui/")) {
            for (String method : List.of("GET", "POST", "PUT", "DELETE", "TRACE", "BREW", "OPTIONS")) {
                for (String query : List.of("", "?", "?x=%00", "?format=" + "x".repeat(1_000), "?format=%ff")) {
                    contract.heldBy(
                            method + " " + path + query,
                            Wire.exchange((method + " " + path + query
                                            + " HTTP/1.1\r\nHost: x\r\nAccept: \u0000text/x;q=9\r\nContent-Length: 3\r\n\r\nabc")
                                    .replace("\u0000", "")
                                    .getBytes(StandardCharsets.ISO_8859_1)));
                }
            }
        }
        contract.assertKept(200);
        assertThat(Api.stranger().get("/q/health/ready").status()).isEqualTo(200);
    }

    private Optional<Reply> send(Route route, String path) {
        return Wire.exchange(estate.request(route.method(), path, route.sample()));
    }
}
