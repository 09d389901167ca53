package dev.longshore.rig.proof;

import dev.longshore.simulator.Call;
import java.util.List;

/// Everything that is known of a run when it is over.
///
/// @param told what the client asked and was told, in no particular order
/// @param calls what the provider saw
/// @param mail what receivers of webhooks were owed and heard
/// @param events what the event topic told
/// @param followed what readers of live events were told
/// @param seen what was found wrong while the run was on
/// @param slips what the rig itself failed to do
public record Evidence(
        List<Told> told,
        Ledger ledger,
        List<Call> calls,
        Mail mail,
        List<Event> events,
        List<Followed> followed,
        List<Outage> outages,
        List<Stay> stays,
        Rest rest,
        Bounds bounds,
        List<Violation> seen,
        List<String> slips) {}
