/// Proofs of what the room of live events decides by itself.
package dev.longshore.api.watch;
