/// The Gemini API, field by field and row by row.
@NullMarked
package dev.longshore.worker.provider.gemini;

import org.jspecify.annotations.NullMarked;
