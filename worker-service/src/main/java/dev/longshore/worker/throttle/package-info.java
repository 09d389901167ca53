/// What a provider allows now: permits of its limits, rests that it asks for, and breakers. All workers together keep
/// each limit; how, is in decision 0012.
@NullMarked
package dev.longshore.worker.throttle;

import org.jspecify.annotations.NullMarked;
