/// Pure arithmetic that decides whether and when a job is tried again: outcome in, settlement out, no I/O
/// and no clock.
@NullMarked
package dev.longshore.retry;

import org.jspecify.annotations.NullMarked;
