/// The models that callers may name, what their input costs, and how it is counted.
@NullMarked
package dev.longshore.api.catalogue;

import org.jspecify.annotations.NullMarked;
