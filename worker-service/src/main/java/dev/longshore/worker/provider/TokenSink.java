package dev.longshore.worker.provider;

import org.jspecify.annotations.Nullable;

/// Takes what a call lets be known while it runs: what a model says, and how far it is. Called by the thread of the
/// attempt, one call after the other.
public interface TokenSink extends AutoCloseable {
    /// Takes nothing.
    TokenSink NONE = new TokenSink() {
        @Override
        public void token(String text) {}

        @Override
        public void progress(@Nullable Double share, @Nullable String message) {}

        @Override
        public void withdrawn() {}
    };

    /// @param text never empty, and of whole characters
    void token(String text);

    /// How far the provider says it is. It may say the same again, or less than before: whoever listens is told only
    /// what is new.
    ///
    /// @param share from 0 to 1; null when it is not said
    /// @param message what it does just now, for people; null when it is not said
    void progress(@Nullable Double share, @Nullable String message);

    /// The attempt ended in another way than by a whole answer: what was said counts for nothing. Only said where there
    /// was something.
    void withdrawn();

    /// The call is over, nothing more comes. Said by whoever made the sink, not by the dialect.
    @Override
    default void close() {}
}
