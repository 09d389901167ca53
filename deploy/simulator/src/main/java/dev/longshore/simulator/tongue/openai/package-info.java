/// OpenAI's API: Chat Completions, Embeddings and Responses.
@NullMarked
package dev.longshore.simulator.tongue.openai;

import org.jspecify.annotations.NullMarked;
