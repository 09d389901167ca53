/// Measures Longshore from outside, and in the same run what the machine beneath it can do, so that
/// every figure is a ratio.
@NullMarked
package dev.longshore.bench;

import org.jspecify.annotations.NullMarked;
