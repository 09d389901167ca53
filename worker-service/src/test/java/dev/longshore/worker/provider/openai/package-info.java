/// The OpenAI dialect, row by row.
@NullMarked
package dev.longshore.worker.provider.openai;

import org.jspecify.annotations.NullMarked;
