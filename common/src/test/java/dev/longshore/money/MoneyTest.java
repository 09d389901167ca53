package dev.longshore.money;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longshore.attempt.Usage;
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

    @Test
    void impossibleUsageIsRefused() {
        assertThatThrownBy(() -> new Usage(-1, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Usage(1, 2, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Usage(1, 0, -1)).isInstanceOf(IllegalArgumentException.class);
    }
}
