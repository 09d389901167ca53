package dev.longshore.problem;

/// Carries a [Problem] up to the edge, where it becomes the answer. It is an expected ending, so it has
/// no stack trace.
public final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Problem problem;

    public Refusal(Problem problem) {
        super(problem.code() + ": " + problem.message(), null, false, false);
        this.problem = problem;
    }

    public Problem problem() {
        return problem;
    }
}
