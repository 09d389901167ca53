/// Forgets what was promised to be forgotten, in small bites.
@NullMarked
package dev.longshore.worker.retention;

import org.jspecify.annotations.NullMarked;
