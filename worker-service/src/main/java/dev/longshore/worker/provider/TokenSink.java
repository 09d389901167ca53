package dev.longshore.worker.provider;

/// Takes what a model says while it is still speaking. Called by the thread of the attempt, one call after the other.
public interface TokenSink extends AutoCloseable {
    /// Takes nothing.
    TokenSink NONE = new TokenSink() {
        @Override
        public void token(String text) {}

        @Override
        public void withdrawn() {}
    };

    /// @param text never empty, and of whole characters
    void token(String text);

    /// The attempt ended in another way than by a whole answer: what was said counts for nothing. Only said where there
    /// was something.
    void withdrawn();

    /// The call is over, nothing more comes. Said by whoever made the sink, not by the dialect.
    @Override
    default void close() {}
}
