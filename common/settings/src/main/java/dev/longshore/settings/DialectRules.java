package dev.longshore.settings;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// What must hold of the sections that describe an API, and of the models that are served by such a one.
final class DialectRules {

    /// Takes down what does not hold.
    @FunctionalInterface
    interface Expectation {
        void expect(boolean holds, String key, String expected, Object found);
    }

    /// A token of RFC 9110.
    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

    private final Predicate<String> mentioned;
    private final Expectation rule;

    /// @param mentioned whether the file has a key
    DialectRules(Predicate<String> mentioned, Expectation rule) {
        this.mentioned = mentioned;
        this.rule = rule;
    }

    void provider(String key, ProviderSettings provider) {
        onlyOf(Dialect.HTTP, key + ".http", provider);
        onlyOf(Dialect.PREDICTION, key + ".prediction", provider);
        if (provider.dialect() == Dialect.HTTP) {
            http(key + ".http", provider.http());
        }
        if (provider.dialect() == Dialect.PREDICTION) {
            prediction(key + ".prediction", provider.prediction());
        }
    }

    /// What such a provider can be asked for is said by the operator, so a model cannot do more.
    void model(String key, ModelSettings model, ProviderSettings provider) {
        for (var capability : model.capabilities()) {
            var section = capability == Capability.EMBED ? "embed" : "chat";
            rule.expect(
                    provider.dialect() != Dialect.HTTP
                            || (capability == Capability.EMBED ? embeds(provider.http()) : chats(provider.http())),
                    key + ".capabilities",
                    "what its provider has a section for: there is no http." + section,
                    capability.name().toLowerCase(Locale.ROOT));
            rule.expect(
                    provider.dialect() != Dialect.PREDICTION || capability != Capability.EMBED,
                    key + ".capabilities",
                    "what a provider of dialect prediction can do",
                    "embed");
        }
    }

    /// A section that nobody reads is a mistake.
    private void onlyOf(Dialect dialect, String key, ProviderSettings provider) {
        rule.expect(
                provider.dialect() == dialect || !mentioned.test(key),
                key,
                "this section only beside dialect: " + word(dialect),
                "it beside dialect: " + word(provider.dialect()));
    }

    private static String word(Dialect dialect) {
        return dialect.name().toLowerCase(Locale.ROOT);
    }

    private void http(String key, HttpSettings http) {
        var chat = http.chat();
        var embed = http.embed();
        rule.expect(chats(http) || embeds(http), key, "chat or embed, each with path, request and response", "neither");
        if (chats(http)) {
            var text = chat.response().text();
            described(key + ".chat", chat.path(), chat.request(), "response.text", text);
        }
        if (embeds(http)) {
            var embeddings = embed.response().embeddings();
            described(key + ".embed", embed.path(), embed.request(), "response.embeddings", embeddings);
        }
        header(key + ".request-id-header", Optional.of(http.requestIdHeader()));
        header(key + ".key-header", http.keyHeader());
    }

    private static boolean chats(HttpSettings http) {
        var chat = http.chat();
        return chat.path().isPresent()
                || chat.request().isPresent()
                || chat.response().text().isPresent();
    }

    private static boolean embeds(HttpSettings http) {
        var embed = http.embed();
        return embed.path().isPresent()
                || embed.request().isPresent()
                || embed.response().embeddings().isPresent();
    }

    private void described(
            String key, Optional<UrlPath> path, Optional<Template> request, String result, Optional<Pointer> pointer) {
        rule.expect(path.isPresent(), key + ".path", UrlPath.EXPECTED, "nothing");
        path.ifPresent(there -> rule.expect(!there.hasId(), key + ".path", "a path without {{id}}", there));
        rule.expect(request.isPresent(), key + ".request", Template.EXPECTED, "nothing");
        rule.expect(pointer.isPresent(), key + "." + result, Pointer.EXPECTED, "nothing");
    }

    private void prediction(String key, PredictionSettings prediction) {
        rule.expect(!prediction.path().hasId(), key + ".path", "a path without {{id}}", prediction.path());
        rule.expect(prediction.pollPath().hasId(), key + ".poll-path", "a path with {{id}}", prediction.pollPath());
        rule.expect(
                prediction.cancelPath().hasId(), key + ".cancel-path", "a path with {{id}}", prediction.cancelPath());
        rule.expect(
                prediction.progressScale() > 0,
                key + ".progress-scale",
                "a whole number above 0",
                prediction.progressScale());
        header(key + ".key-header", prediction.keyHeader());
    }

    private void header(String key, Optional<String> name) {
        name.ifPresent(
                header -> rule.expect(HEADER.matcher(header).matches(), key, "the name of an HTTP header", header));
    }
}
