/// Tests of what is written down about purchases.
@NullMarked
package dev.longshore.prediction;

import org.jspecify.annotations.NullMarked;
