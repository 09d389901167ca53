/// Receivers of webhooks that misbehave when they are told to, and remember everything that they hear.
@NullMarked
package dev.longshore.rig.receiver;

import org.jspecify.annotations.NullMarked;
