package dev.longshore.api.errors;

import dev.longshore.problem.Problem;
import dev.longshore.problem.ProblemCode;
import dev.longshore.problem.Refusal;
import jakarta.persistence.PersistenceException;
import jakarta.ws.rs.WebApplicationException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/// Which problem a failure is to the caller.
public final class Problems {
    private static final Duration DATABASE_RETRY = Duration.ofSeconds(2);

    private Problems() {}

    /// The job or request was not accepted because the database cannot be reached.
    public static Problem unavailable() {
        return Problem.passing(
                ProblemCode.UNAVAILABLE, "The database cannot be reached; nothing was accepted.", DATABASE_RETRY);
    }

    /// The connection broke while the job was being written. Nothing is promised, but its commit may have gone through
    /// unseen; only a key makes sending it again harmless in that case.
    public static Problem inDoubt() {
        return Problem.passing(
                ProblemCode.UNAVAILABLE,
                "The database went away before it could say that the job was accepted. Send it again, with an"
                        + " idempotency key if it must not run twice.",
                DATABASE_RETRY);
    }

    /// There is nothing at this path, or not for this caller.
    public static Problem notFound(String what) {
        return Problem.of(ProblemCode.NOT_FOUND, what);
    }

    static Problem of(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException
                        || cause instanceof ExecutionException
                        // What the entities of rare calls wrap an SQLException in.
                        || cause instanceof PersistenceException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return switch (cause) {
            case Refusal refusal -> refusal.problem();
            case WebApplicationException refused ->
                ofStatus(refused.getResponse().getStatus());
            case SQLException broken when databaseIsAway(broken) -> unavailable();
            default -> ofStatus(ProblemCode.INTERNAL.status());
        };
    }

    /// For refusals of the framework, which bring no more than a status.
    static Problem ofStatus(int status) {
        return switch (status) {
            case 401 -> Problem.of(ProblemCode.UNAUTHENTICATED, "This call needs an API key.");
            case 403 -> Problem.of(ProblemCode.FORBIDDEN, "This key may not do that.");
            case 404 -> notFound("There is nothing at this path.");
            case 405 -> Problem.of(ProblemCode.METHOD_NOT_ALLOWED, "This path does not take this method.");
            case 413 -> Problem.of(ProblemCode.PAYLOAD_TOO_LARGE, "The body is too large.");
            case 415 -> Problem.of(ProblemCode.UNSUPPORTED_MEDIA_TYPE, "The body must be application/json.");
            case 429 -> Problem.of(ProblemCode.RATE_LIMITED, "Too many requests.");
            case 503 -> unavailable();
            default ->
                status >= 400 && status < 500
                        ? Problem.of(ProblemCode.INVALID_REQUEST, "The request cannot be understood.")
                        : Problem.of(ProblemCode.INTERNAL, "Something went wrong on our side.");
        };
    }

    /// Whether the statement failed for want of a database rather than for what it says: connection
    /// failures (08), resources (53), operator intervention (57) and a pool that has nothing to give,
    /// which brings no state at all.
    public static boolean databaseIsAway(SQLException failure) {
        String state = failure.getSQLState();
        return state == null
                || state.startsWith("08")
                || state.startsWith("53")
                || state.startsWith("57")
                || state.startsWith("25006");
    }
}
