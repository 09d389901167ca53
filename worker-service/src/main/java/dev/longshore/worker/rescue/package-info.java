/// Gives back the jobs of workers that are gone.
@NullMarked
package dev.longshore.worker.rescue;

import org.jspecify.annotations.NullMarked;
