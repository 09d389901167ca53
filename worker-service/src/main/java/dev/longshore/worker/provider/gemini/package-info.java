/// Google's Gemini API.
@NullMarked
package dev.longshore.worker.provider.gemini;

import org.jspecify.annotations.NullMarked;
