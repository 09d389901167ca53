/// Whether this process can do its work, and why not.
@NullMarked
package dev.longshore.api.health;

import org.jspecify.annotations.NullMarked;
