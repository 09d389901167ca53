/// What the machine can do at most: the database, an HTTP endpoint and a caller of a slow provider, each
/// without Longshore.
@NullMarked
package dev.longshore.bench.machine;

import org.jspecify.annotations.NullMarked;
