/// Tests of permits, rests and breakers.
@NullMarked
package dev.longshore.worker.throttle;

import org.jspecify.annotations.NullMarked;
