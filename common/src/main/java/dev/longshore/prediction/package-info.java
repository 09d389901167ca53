/// Work that a provider gives later: what was bought for which job, so that it is never bought twice.
@NullMarked
package dev.longshore.prediction;

import org.jspecify.annotations.NullMarked;
