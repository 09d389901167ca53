/// Tests of the dialect whose answers come later.
@NullMarked
package dev.longshore.worker.provider.prediction;

import org.jspecify.annotations.NullMarked;
