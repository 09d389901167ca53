package dev.longshore.worker.throttle;

/// How much of something all workers together may use.
///
/// @param owner whose limit it is: `provider:openai`, `provider:openai/key:0` or `provider:openai/model:gpt-4o`
/// @param most at once, or in any minute
public record Limit(String owner, Unit unit, long most) {
    public Limit {
        if (most < 1) {
            throw new IllegalArgumentException(owner + " may have no " + unit.word() + " of " + most);
        }
    }

    /// The name under which workers deal it out.
    String allowance() {
        return owner + "/" + unit.word();
    }
}
