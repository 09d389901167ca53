package dev.longshore.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.attempt.Usage;
import dev.longshore.testing.chance.Seeded;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MoneyTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 1000000000",
        "0.000145, 145000",
        "0.000000001, 1",
        "0.0000000001, 1",
        "0.0000000011, 2",
        "1.0000000000001, 1000000001",
        "9223372036.854775807, 9223372036854775807"
    })
    void dollarsAreHeldAsWholeNanosRoundedUp(BigDecimal dollars, long nanos) {
        assertThat(Usd.of(dollars).nanos()).isEqualTo(nanos);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1, 0.000000001",
        "145000, 0.000145",
        "1000000000, 1",
        "120000000000, 120",
        "1500000000, 1.5",
        "-145000, -0.000145"
    })
    void dollarsAreShownWithoutTrailingZeros(long nanos, String dollars) {
        assertThat(new Usd(nanos).dollars().toPlainString()).isEqualTo(dollars);
    }

    @Test
    void whatIsShownReadsBackAsTheSame() {
        Random random = new Random(7);
        for (int i = 0; i < 2_000; i++) {
            Usd amount = new Usd(random.nextLong() >>> random.nextInt(64));
            assertThat(Usd.of(amount.dollars())).isEqualTo(amount);
        }
    }

    @Test
    void amountsThatDoNotFitAreRefusedInsteadOfWrapped() {
        Usd most = new Usd(Long.MAX_VALUE);
        assertThatThrownBy(() -> most.plus(new Usd(1))).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> Usd.of(new BigDecimal("9223372036.854775808")))
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void amountsAddAndCompare() {
        assertThat(new Usd(2).plus(new Usd(3))).isEqualTo(new Usd(5));
        assertThat(new Usd(2)).isLessThan(new Usd(3));
        assertThat(Usd.ZERO.plus(Usd.ZERO)).isEqualTo(Usd.ZERO);
    }

    @Test
    void aCallCostsItsTokensAtTheirPrices() {
        Price price = new Price(new BigDecimal("0.15"), new BigDecimal("0.075"), new BigDecimal("0.60"));

        // 242 fresh at 150 nanos, 100 cached at 75, 156 out at 600.
        assertThat(price.of(new Usage(342, 100, 156))).isEqualTo(new Usd(242 * 150 + 100 * 75 + 156 * 600));
        assertThat(price.of(Usage.NONE)).isEqualTo(Usd.ZERO);
        assertThat(Price.FREE.of(new Usage(1_000_000, 0, 1_000_000))).isEqualTo(Usd.ZERO);
    }

    @Test
    void fractionsAreRoundedUpOnceOnTheSum() {
        BigDecimal third = new BigDecimal("0.0003");

        // 0.3 nanos a token: three parts of 0.3 make one nano, not three.
        assertThat(new Price(third, third, third).of(new Usage(2, 1, 1))).isEqualTo(new Usd(1));
        assertThat(new Price(third, third, third).of(new Usage(4, 0, 0))).isEqualTo(new Usd(2));
    }

    @Test
    void pricesAgreeWithArithmeticOnFractions() {
        Random random = new Random(11);
        for (int i = 0; i < 2_000; i++) {
            // In tenths of a nano a token, so that whole numbers can tell the truth.
            long in = random.nextInt(1_000_000);
            long cached = random.nextInt(1_000_000);
            long out = random.nextInt(1_000_000);
            int tokens = random.nextInt(2_000_000);
            int ofThem = tokens == 0 ? 0 : random.nextInt(tokens);
            int answer = random.nextInt(200_000);
            BigInteger tenths = BigInteger.valueOf(in)
                    .multiply(BigInteger.valueOf(tokens - ofThem))
                    .add(BigInteger.valueOf(cached).multiply(BigInteger.valueOf(ofThem)))
                    .add(BigInteger.valueOf(out).multiply(BigInteger.valueOf(answer)));
            long expected =
                    tenths.add(BigInteger.valueOf(9)).divide(BigInteger.TEN).longValueExact();

            Price price =
                    new Price(BigDecimal.valueOf(in, 4), BigDecimal.valueOf(cached, 4), BigDecimal.valueOf(out, 4));
            assertThat(price.of(new Usage(tokens, ofThem, answer)).nanos()).isEqualTo(expected);
        }
    }

    /// The dearest that an operator's file may say, with as many decimals.
    private static final BigDecimal DEAREST = BigDecimal.valueOf(1_000_000);

    private static BigDecimal perMillion(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> BigDecimal.ZERO;
            case 1 -> DEAREST;
            case 2 -> BigDecimal.valueOf(random.nextInt(1_000_000), 12);
            default -> BigDecimal.valueOf(random.nextInt(100_000), 3);
        };
    }

    private static int tokens(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> Integer.MAX_VALUE - 1;
            default -> random.nextInt(2_000_000);
        };
    }

    private static Usage usage(Random random) {
        int input = tokens(random);
        return new Usage(input, random.nextBoolean() ? 0 : random.nextInt(input + 1), tokens(random));
    }

    @Test
    void noCallCostsLessThanNothingAndTheDearestCanBeBooked() {
        Seeded.check("no call costs less than nothing and the dearest can be booked", 10_000, random -> {
            Price price = new Price(perMillion(random), perMillion(random), perMillion(random));
            assertThat(price.of(usage(random)).nanos()).isNotNegative();
        });
        int most = Integer.MAX_VALUE;
        assertThat(new Price(DEAREST, DEAREST, DEAREST).of(new Usage(most, 0, most)))
                .isEqualTo(Usd.of(BigDecimal.valueOf(2L * most)));
    }

    @Test
    void moreTokensNeverCostLess() {
        Seeded.check("more tokens never cost less", 10_000, random -> {
            Price price = new Price(perMillion(random), perMillion(random), perMillion(random));
            Usage usage = usage(random);
            Usd cost = price.of(usage);

            assertThat(price.of(new Usage(usage.inputTokens() + 1, usage.cachedInputTokens(), usage.outputTokens())))
                    .isGreaterThanOrEqualTo(cost);
            assertThat(price.of(
                            new Usage(usage.inputTokens() + 1, usage.cachedInputTokens() + 1, usage.outputTokens())))
                    .isGreaterThanOrEqualTo(cost);
            assertThat(price.of(new Usage(usage.inputTokens(), usage.cachedInputTokens(), usage.outputTokens() + 1)))
                    .isGreaterThanOrEqualTo(cost);
        });
    }

    @Test
    void twoCallsCostWhatOneOfBothWouldToTheNano() {
        Seeded.check("two calls cost what one of both would, to the nano", 10_000, random -> {
            Price price = new Price(perMillion(random), perMillion(random), perMillion(random));
            Usage one = half(usage(random));
            Usage other = half(usage(random));
            Usage both = new Usage(
                    one.inputTokens() + other.inputTokens(),
                    one.cachedInputTokens() + other.cachedInputTokens(),
                    one.outputTokens() + other.outputTokens());

            // Each is rounded up for itself: never less than the truth, and never a whole nano more.
            assertThat(price.of(one).plus(price.of(other)).nanos()
                            - price.of(both).nanos())
                    .isBetween(0L, 1L);
        });
    }

    private static Usage half(Usage usage) {
        return new Usage(usage.inputTokens() / 2, usage.cachedInputTokens() / 2, usage.outputTokens() / 2);
    }

    @Test
    void aSumIsExactOrRefused() {
        Seeded.check("a sum is exact or refused", 10_000, random -> {
            long a = random.nextLong() >> random.nextInt(64);
            long b = random.nextLong() >> random.nextInt(64);
            BigInteger sum = BigInteger.valueOf(a).add(BigInteger.valueOf(b));
            if (sum.bitLength() < Long.SIZE) {
                assertThat(new Usd(a).plus(new Usd(b)).nanos()).isEqualTo(sum.longValueExact());
            } else {
                assertThatThrownBy(() -> new Usd(a).plus(new Usd(b))).isInstanceOf(ArithmeticException.class);
            }
        });
    }

    @Test
    void impossibleUsageIsRefused() {
        assertThatThrownBy(() -> new Usage(-1, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Usage(1, 2, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Usage(1, 0, -1)).isInstanceOf(IllegalArgumentException.class);
    }
}
