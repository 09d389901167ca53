/// What every request carries: its id, its place in a trace, who sent it and its body.
@NullMarked
package dev.longshore.api.request;

import org.jspecify.annotations.NullMarked;
