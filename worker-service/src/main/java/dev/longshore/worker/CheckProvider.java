package dev.longshore.worker;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.longshore.attempt.AttemptOutcome;
import dev.longshore.attempt.AttemptOutcome.Answered;
import dev.longshore.attempt.AttemptOutcome.Broken;
import dev.longshore.attempt.AttemptOutcome.Interrupted;
import dev.longshore.attempt.AttemptOutcome.Refused;
import dev.longshore.attempt.AttemptOutcome.Throttled;
import dev.longshore.attempt.AttemptOutcome.Unknown;
import dev.longshore.attempt.Reply;
import dev.longshore.job.JobId;
import dev.longshore.settings.Capability;
import dev.longshore.settings.Dialect;
import dev.longshore.settings.LongshoreSettings;
import dev.longshore.settings.ModelSettings;
import dev.longshore.settings.ProviderSettings;
import dev.longshore.settings.SettingsCheck;
import dev.longshore.settings.WrongSettings;
import dev.longshore.tokens.TokenCounter;
import dev.longshore.worker.provider.Ask;
import dev.longshore.worker.provider.Ask.Operation;
import dev.longshore.worker.provider.Route;
import dev.longshore.worker.provider.TokenSink;
import dev.longshore.worker.slots.StopSign;
import io.vertx.core.Vertx;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Makes one small real call with each key of a provider and prints what came back, so that whoever has just written
/// the operator's file sees at once whether it works. Needs neither database nor broker.
public final class CheckProvider {
    private static final int EX_USAGE = 64;
    private static final int OUTPUT_TOKENS = 200;

    private CheckProvider() {}

    /// Ends with status 0 when every call was answered, 1 when one was not, 64 when the words are not understood, 78
    /// when the operator's file is wrong.
    public static void main(String[] words) {
        if (words.length < 1 || words.length > 2) {
            System.err.println("check-provider: NAME [MODEL]: the provider's name in the operator's file"
                    + " (LONGSHORE_CONFIG), and one of its models");
            System.exit(EX_USAGE);
        }
        String file = System.getenv("LONGSHORE_CONFIG");
        LongshoreSettings settings;
        try {
            settings = SettingsCheck.load(System.getenv(), file == null ? null : Path.of(file));
        } catch (WrongSettings e) {
            e.complaints().forEach(System.err::println);
            System.exit(SettingsCheck.EX_CONFIG);
            return;
        }
        System.exit(run(settings, words[0], words.length == 2 ? words[1] : null, System.out));
    }

    /// @return the exit status
    static int run(LongshoreSettings settings, String name, @Nullable String modelName, PrintStream out) {
        ProviderSettings provider = settings.providers().get(name);
        if (provider == null) {
            out.println("No provider is called '" + name + "'; the operator's file has "
                    + String.join(", ", new TreeSet<>(settings.providers().keySet())) + ".");
            return EX_USAGE;
        }
        Map.Entry<String, ModelSettings> model = settings.models().entrySet().stream()
                .filter(entry -> entry.getValue().provider().equals(name))
                .filter(entry -> modelName == null || entry.getKey().equals(modelName))
                .min(Map.Entry.comparingByKey())
                .orElse(null);
        if (model == null) {
            out.println("Provider '" + name + "' serves no model" + (modelName == null ? "" : " '" + modelName + "'")
                    + " in the operator's file.");
            return EX_USAGE;
        }
        Vertx vertx = Vertx.vertx();
        try {
            Route route = FromSettings.routes(
                            settings,
                            vertx,
                            new ObjectMapper(),
                            Composition.machineClock(),
                            new TokenCounter(),
                            new UnwrittenPurchases())
                    .of(model.getKey())
                    .orElseThrow();
            int keys = provider.apiKeys().orElse(List.of()).size();
            int bad = 0;
            for (int key = 0; key < Math.max(1, keys); key++) {
                AttemptOutcome outcome = call(route, model.getKey(), model.getValue(), provider.dialect(), key);
                out.println(report(name, model.getKey(), keys == 0 ? "no key" : "key " + (key + 1), outcome));
                bad += outcome instanceof Answered ? 0 : 1;
            }
            return bad == 0 ? 0 : 1;
        } finally {
            vertx.close();
        }
    }

    private static AttemptOutcome call(Route route, String name, ModelSettings model, Dialect dialect, int key) {
        boolean embeds = model.capabilities().contains(Capability.EMBED)
                && !model.capabilities().contains(Capability.CHAT);
        ObjectNode input = new ObjectMapper().createObjectNode().put("model", name);
        if (embeds) {
            input.put("input", "Longshore says hello.");
        } else {
            // The operator's template may have no place for it.
            if (dialect != Dialect.HTTP && dialect != Dialect.PREDICTION) {
                input.put("max_completion_tokens", OUTPUT_TOKENS);
            }
            input.putArray("messages")
                    .addObject()
                    .put("role", "user")
                    .put("content", "Say hello in one short sentence.");
        }
        Ask ask = new Ask(
                embeds ? Operation.EMBED : Operation.CHAT,
                route.model(),
                input.toString(),
                OUTPUT_TOKENS,
                new JobId(UUID.randomUUID()).toString(),
                1,
                key);
        return route.dialect().call(ask, route.timeouts(), new StopSign(), TokenSink.NONE);
    }

    private static String report(String provider, String model, String key, AttemptOutcome outcome) {
        String start = provider + " / " + model + " / " + key + ": ";
        return start
                + switch (outcome) {
                    case Answered(var answer) ->
                        "answered in %d ms, %d tokens in, %d out, by %s%n%s"
                                .formatted(
                                        answer.latency().toMillis(),
                                        answer.usage().inputTokens(),
                                        answer.usage().outputTokens(),
                                        answer.modelVersion(),
                                        answer.result());
                    case Refused(var code, var message, var reply) -> told(code.name(), message, reply);
                    case Throttled(var code, var message, var reply) -> told(code.name(), message, reply);
                    case Broken(var code, var message, var reply) -> told(code.name(), message, reply);
                    case Unknown(var code, var message, var reply) -> told(code.name(), message, reply);
                    case Interrupted _ -> "stopped";
                };
    }

    private static String told(String code, String message, Reply reply) {
        return code + ": " + message + (reply.requestId() == null ? "" : " (request " + reply.requestId() + ")");
    }
}
