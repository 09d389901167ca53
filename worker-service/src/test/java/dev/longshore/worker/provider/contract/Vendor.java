package dev.longshore.worker.provider.contract;

import dev.longshore.tokens.TokenCounter;
import dev.longshore.worker.provider.Translating;
import dev.longshore.worker.provider.Translation;
import dev.longshore.worker.provider.anthropic.AnthropicTranslation;
import dev.longshore.worker.provider.gemini.GeminiTranslation;
import dev.longshore.worker.provider.openai.OpenAiTranslation;

/// The providers whose tongues both sides speak.
enum Vendor {
    OPENAI("/v1", new OpenAiTranslation(Translating.JSON, new TokenCounter())),
    ANTHROPIC("/v1", new AnthropicTranslation(Translating.JSON, Translating.CLOCK)),
    GEMINI("/v1beta", new GeminiTranslation(Translating.JSON, Translating.CLOCK, new TokenCounter()));

    final String base;
    final Translation translation;

    Vendor(String base, Translation translation) {
        this.base = base;
        this.translation = translation;
    }
}
