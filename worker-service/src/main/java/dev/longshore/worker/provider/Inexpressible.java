package dev.longshore.worker.provider;

/// Something in a request that the provider's API has no way to say. It is refused, since an answer to half of a
/// request looks like an answer to all of it.
public final class Inexpressible extends Exception {
    private static final long serialVersionUID = 1L;

    private final String what;

    /// @param where JSON pointer into the job's input
    /// @param why what the API cannot do, and what would be taken instead
    public Inexpressible(String where, String why) {
        super("'" + where + "': " + why);
        what = "'" + where + "': " + why;
    }

    /// Where and why, for whoever wrote the request.
    public String what() {
        return what;
    }
}
