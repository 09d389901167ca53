package dev.longshore.worker.provider;

import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.ErrorCode;
import dev.longshore.attempt.Reply;

/// Something in a request that the provider's API has no way to say. It is refused, since an answer to half of a
/// request looks like an answer to all of it.
public final class Inexpressible extends Exception {
    private static final long serialVersionUID = 1L;

    private final String what;
    private final String message;

    /// @param where JSON pointer into the job's input
    /// @param why what the API cannot do, and what would be taken instead
    public Inexpressible(String where, String why) {
        super("'" + where + "': " + why);
        what = "'" + where + "': " + why;
        message = "The provider of this model cannot be asked for " + CleanText.of(what);
    }

    /// No API can say an input that is no object.
    static Inexpressible noObject() {
        return new Inexpressible("The job's input is not a JSON object.");
    }

    private Inexpressible(String what) {
        super(what);
        this.what = what;
        message = what;
    }

    /// Where and why, for whoever wrote the request.
    public String what() {
        return what;
    }

    /// What it does to the attempt: nothing was sent.
    public Refused refused() {
        return new Refused(ErrorCode.INVALID_REQUEST, message, Reply.NONE);
    }
}
