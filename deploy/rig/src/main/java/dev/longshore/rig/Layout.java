package dev.longshore.rig;

import java.util.List;

/// How large a system is and of what kind.
///
/// @param apis how many APIs run when nothing is broken
/// @param workers how many workers run when nothing is broken
/// @param brokers how many Kafka brokers, 1 or 3
/// @param wired whether each service reaches PostgreSQL, each broker and the provider over a wire of its
///     own, which can be broken
/// @param slots how many attempts each worker runs at once
/// @param provider what the operator's file says of the provider besides its address, a line a key
/// @param brokerHeap as the JVM writes it
/// @param sessions how many sessions PostgreSQL has for all
public record Layout(
        int apis,
        int workers,
        int brokers,
        boolean wired,
        int slots,
        List<String> provider,
        String brokerHeap,
        int sessions) {
    public Layout {
        provider = List.copyOf(provider);
    }

    /// One of each, with patience: a test that breaks one joint.
    static final Layout ONE_OF_EACH = new Layout(
            1,
            1,
            1,
            false,
            100,
            List.of("timeouts: {connect: 2s, first-byte: 60s, idle: 30s, attempt: 90s}"),
            "256m",
            200);

    /// Several of each over wires that can be broken, with so few slots that the limit is felt.
    public static final Layout SEVERAL_OF_EACH = new Layout(
            2,
            3,
            3,
            true,
            20,
            List.of("timeouts: {connect: 1s, first-byte: 4s, idle: 3s, attempt: 10s}", "breaker: {open-for: 2s}"),
            "192m",
            120);
}
