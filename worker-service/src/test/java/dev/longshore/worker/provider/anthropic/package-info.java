/// The Messages API, field by field and row by row.
@NullMarked
package dev.longshore.worker.provider.anthropic;

import org.jspecify.annotations.NullMarked;
