/// Tests of limits, breakers and storms over several workers.
@NullMarked
package dev.longshore.rig.storm;

import org.jspecify.annotations.NullMarked;
