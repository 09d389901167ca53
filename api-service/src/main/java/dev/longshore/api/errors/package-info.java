/// Turns every failure, ours or the framework's, into the one error shape.
@NullMarked
package dev.longshore.api.errors;

import org.jspecify.annotations.NullMarked;
