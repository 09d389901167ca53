/// The network between the processes of a system, to be broken: connections that pass through this JVM
/// and can be held, cut, reset, delayed and throttled, each direction by itself.
@NullMarked
package dev.longshore.rig.wire;

import org.jspecify.annotations.NullMarked;
