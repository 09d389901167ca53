/// Who is calling and what they may do.
@NullMarked
package dev.longshore.api.access;

import org.jspecify.annotations.NullMarked;
