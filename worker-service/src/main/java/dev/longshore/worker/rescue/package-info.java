/// Gives back the jobs of workers that are gone, and gives up what was bought for jobs that are.
@NullMarked
package dev.longshore.worker.rescue;

import org.jspecify.annotations.NullMarked;
