/// The worker process: what is started, with what, and in which order it stops. The only place that
/// reads the system clock or makes threads for others.
@NullMarked
package dev.longshore.worker;

import org.jspecify.annotations.NullMarked;
