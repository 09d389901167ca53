/// What a job asks of its retries, and what an attempt does when it is let down.
@NullMarked
package dev.longshore.worker.attempt;

import org.jspecify.annotations.NullMarked;
