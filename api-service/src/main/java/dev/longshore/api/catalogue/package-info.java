/// The models that callers may name: what each stands for today, what its input costs, and when it ends.
@NullMarked
package dev.longshore.api.catalogue;

import org.jspecify.annotations.NullMarked;
