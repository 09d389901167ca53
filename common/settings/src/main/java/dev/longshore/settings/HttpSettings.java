package dev.longshore.settings;

import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An API that takes one POST and answers it with JSON: what to send, and where in the answer to look. For
/// [Dialect#HTTP], which needs `chat` or `embed` or both.
public interface HttpSettings {

    /// How a conversation is sent.
    Chat chat();

    /// How texts are sent that are to be turned into vectors.
    Embed embed();

    /// How it says that something went wrong.
    FailureSettings error();

    /// The header of an answer that carries the provider's own id of the call.
    @WithDefault("x-request-id")
    String requestIdHeader();

    /// The header that the API key is sent in as it is. Absent means `Authorization: Bearer` and the key.
    Optional<String> keyHeader();

    @Override
    String toString();

    /// How a conversation is sent and its answer read.
    interface Chat {
        /// What follows `base-url`. Required.
        Optional<UrlPath> path();

        /// The request. Required.
        Optional<Template> request();

        /// Fields of a job's input that the request has no place for and that are left out nevertheless. All others
        /// are refused.
        Optional<List<String>> leaveOut();

        /// Where in the answer to look.
        Response response();

        @Override
        String toString();

        /// Where in an answer to look.
        interface Response {
            /// What the model said: text, a list of texts, or any JSON. Required.
            Optional<Pointer> text();

            /// Why it stopped. Absent means that it had said everything.
            Optional<Pointer> finishReason();

            /// What its words for that mean to us. A word that is not here means `stop`, but for those of Chat
            /// Completions.
            Map<String, FinishReason> finishReasons();

            /// Which model has answered.
            Optional<Pointer> model();

            /// Tokens of the input. Absent means our own count; so with the others.
            Optional<Pointer> inputTokens();

            /// Tokens of the input that the provider had in its cache.
            Optional<Pointer> cachedInputTokens();

            /// Tokens of the answer.
            Optional<Pointer> outputTokens();

            @Override
            String toString();
        }
    }

    /// How texts are sent and their vectors read.
    interface Embed {
        /// What follows `base-url`. Required.
        Optional<UrlPath> path();

        /// The request. Required.
        Optional<Template> request();

        /// Fields of a job's input that the request has no place for and that are left out nevertheless.
        Optional<List<String>> leaveOut();

        /// Where in the answer to look.
        Response response();

        @Override
        String toString();

        /// Where in an answer to look.
        interface Response {
            /// The vectors, one for each text: a list of lists of numbers, or one list for one text. Required.
            Optional<Pointer> embeddings();

            /// Which model has answered.
            Optional<Pointer> model();

            /// Tokens of the input. Absent means our own count.
            Optional<Pointer> inputTokens();

            @Override
            String toString();
        }
    }
}
