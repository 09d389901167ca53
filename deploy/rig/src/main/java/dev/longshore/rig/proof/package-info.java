/// What a system is held to after it was broken: each promise is a class of its own that looks for what
/// contradicts it in what the client was told, what the database says and what the provider saw.
@NullMarked
package dev.longshore.rig.proof;

import org.jspecify.annotations.NullMarked;
