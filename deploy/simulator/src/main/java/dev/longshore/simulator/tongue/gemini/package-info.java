/// Google's Gemini API: contents and embeddings.
@NullMarked
package dev.longshore.simulator.tongue.gemini;

import org.jspecify.annotations.NullMarked;
