/// What every dialect owes to the rest of the worker, held against the simulator, which speaks in each provider's
/// tongue.
@NullMarked
package dev.longshore.worker.provider.contract;

import org.jspecify.annotations.NullMarked;
