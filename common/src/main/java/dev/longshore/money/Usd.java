package dev.longshore.money;

import java.math.BigDecimal;
import java.math.RoundingMode;

/// An amount of US dollars in whole nano-dollars: exact sums, no rounding until it is shown.
public record Usd(long nanos) implements Comparable<Usd> {
    public static final Usd ZERO = new Usd(0);

    private static final int SCALE = 9;

    /// Rounds up to the next nano-dollar, so that many small costs are never booked as nothing.
    public static Usd of(BigDecimal dollars) {
        return new Usd(
                dollars.movePointRight(SCALE).setScale(0, RoundingMode.UP).longValueExact());
    }

    public Usd plus(Usd other) {
        return new Usd(Math.addExact(nanos, other.nanos));
    }

    /// Dollars with at most nine decimals and no trailing zeros, as `cost_usd` shows them.
    public BigDecimal dollars() {
        if (nanos == 0) {
            return BigDecimal.ZERO;
        }
        BigDecimal stripped = BigDecimal.valueOf(nanos, SCALE).stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }

    @Override
    public int compareTo(Usd other) {
        return Long.compare(nanos, other.nanos);
    }
}
