package dev.longshore.simulator.tongue.openai;

import dev.longshore.simulator.tongue.BadAsk;

/// What OpenAI says where a field is missing.
final class Missing {

    private Missing() {}

    static BadAsk of(String param) {
        return param.equals("model")
                ? new BadAsk("you must provide a model parameter")
                : new BadAsk("Missing required parameter: '" + param + "'.", param, "missing_required_parameter");
    }
}
