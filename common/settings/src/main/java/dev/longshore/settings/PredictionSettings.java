package dev.longshore.settings;

import io.smallrye.config.WithDefault;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/// An API that takes a request at once and has its answer later: what to send, where to ask how it stands, and where
/// to look. For [Dialect#PREDICTION]; the defaults are Replicate's.
public interface PredictionSettings {

    /// Where a prediction is submitted, behind `base-url`.
    @WithDefault("/predictions")
    UrlPath path();

    /// Where it is asked how a prediction stands.
    @WithDefault("/predictions/{{id}}")
    UrlPath pollPath();

    /// Where a prediction is cancelled, by a POST.
    @WithDefault("/predictions/{{id}}/cancel")
    UrlPath cancelPath();

    /// What is submitted.
    @WithDefault("""
            {"version": "{{model}}", "input": {"prompt": "{{prompt}}", "system_prompt": "{{system}}",
             "max_tokens": "{{optional:/max_tokens}}", "temperature": "{{optional:/temperature}}",
             "top_p": "{{optional:/top_p}}"}}
            """)
    Template request();

    /// Fields of a job's input that the request has no place for and that are left out nevertheless. All others are
    /// refused.
    Optional<List<String>> leaveOut();

    /// The provider's id of the prediction.
    @WithDefault("/id")
    Pointer id();

    /// The word for how it stands.
    @WithDefault("/status")
    Pointer status();

    /// The words for: it is done.
    @WithDefault("succeeded")
    List<String> succeeded();

    /// The words for: it went wrong.
    @WithDefault("failed")
    List<String> failed();

    /// The words for: somebody stopped it.
    @WithDefault("canceled,aborted")
    List<String> cancelled();

    /// What the model said: text, a list of texts that belong together, or any JSON.
    @WithDefault("/output")
    Pointer output();

    /// Which model has answered.
    @WithDefault("/model")
    Pointer model();

    /// Tokens of the input; where there is nothing, our own count.
    @WithDefault("/metrics/input_token_count")
    Pointer inputTokens();

    /// Tokens of the answer; where there is nothing, our own count.
    @WithDefault("/metrics/output_token_count")
    Pointer outputTokens();

    /// How far it is, as a number from 0 to `progress-scale`. Absent means that nobody is told; Replicate does not say
    /// it in one place for all models.
    Optional<Pointer> progress();

    /// The number that means: all of it. 1 for shares, 100 for percent, or however many steps there are.
    @WithDefault("1")
    int progressScale();

    /// What it does just now, in words for people.
    Optional<Pointer> progressMessage();

    /// How it says that something went wrong.
    FailureSettings error();

    /// The header that the API key is sent in as it is. Absent means `Authorization: Bearer` and the key.
    Optional<String> keyHeader();

    /// The address of the API service as the provider reaches it, so that the provider can say when a prediction is
    /// over. Absent means that it is only asked.
    Optional<URI> callbackUrl();

    @Override
    String toString();
}
