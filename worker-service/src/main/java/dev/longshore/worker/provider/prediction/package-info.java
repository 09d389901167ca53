/// The dialect of APIs that take a request at once and have its answer later, such as Replicate's.
///
/// ```
/// find what is bought ── nothing ──▶ write down the purchase ──▶ POST it ──▶ write down the provider's id ──┐
///        └────────── the provider's id ────────────────────────────────────────────────────────────────────▶│
///                              ┌──────────────────────────────────────────────────────────────────────┐     │
///                              └─▶ wait 0.5 s, 1 s, ... 10 s, or until called back ──▶ GET it ── on ───┘ ◀──┘
///                                                                                        └─ over ──▶ outcome
/// ```
///
/// What is lost where, and what becomes of it:
///
/// - before the purchase is written down: nothing was sent;
/// - between that and the provider's id: it may have been bought. The next claim sends the same request under the
///   same `Idempotency-Key`, which a provider that heeds it answers with the same prediction; a job that forbids
///   repeating fails, `OUTCOME_UNKNOWN`;
/// - after it (crash, drain, lost lease): nothing. The prediction goes on, the job goes back to its queue uncharged,
///   and the next claim waits for the same prediction;
/// - an answer that was read and not recorded: is read again by the next claim;
/// - a poll that fails: is made again, as long as there is time;
/// - a prediction that failed, was cancelled, timed out or makes no sense: its row goes before the outcome is told,
///   so that the next attempt buys another, under another key;
/// - a worker that is too slow and has lost its job: writes nothing, the rows are fenced by its epoch;
/// - cancel and deadline of a running job: the prediction is cancelled, in 2 s or not at all;
/// - cancel and deadline of a job that waits for its next worker: a chore finds the row and cancels the prediction.
@NullMarked
package dev.longshore.worker.provider.prediction;

import org.jspecify.annotations.NullMarked;
