package dev.longshore.money;

import dev.longshore.attempt.Usage;
import java.math.BigDecimal;
import java.math.RoundingMode;

/// What a model costs, in US dollars per million tokens.
public record Price(BigDecimal input, BigDecimal cachedInput, BigDecimal output) {
    public static final Price FREE = new Price(BigDecimal.ZERO, BigDecimal.ZERO, BigDecimal.ZERO);

    /// A dollar a million tokens is a thousand nano-dollars a token.
    private static final int NANOS_PER_TOKEN_SHIFT = 3;

    /// The cost of a call. Fractions of a nano-dollar are rounded up once, on the sum.
    public Usd of(Usage usage) {
        BigDecimal sum = input.multiply(BigDecimal.valueOf(usage.inputTokens() - usage.cachedInputTokens()))
                .add(cachedInput.multiply(BigDecimal.valueOf(usage.cachedInputTokens())))
                .add(output.multiply(BigDecimal.valueOf(usage.outputTokens())));
        return new Usd(sum.movePointRight(NANOS_PER_TOKEN_SHIFT)
                .setScale(0, RoundingMode.UP)
                .longValueExact());
    }
}
