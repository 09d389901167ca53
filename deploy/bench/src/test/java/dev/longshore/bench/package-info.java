/// What the bench itself must get right for its figures to mean anything.
@NullMarked
package dev.longshore.bench;

import org.jspecify.annotations.NullMarked;
