/// What providers call when something that they were asked for is over.
@NullMarked
package dev.longshore.api.callbacks;

import org.jspecify.annotations.NullMarked;
