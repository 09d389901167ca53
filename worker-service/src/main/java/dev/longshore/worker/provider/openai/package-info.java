/// The OpenAI dialect: Chat Completions or Responses, and Embeddings, at OpenAI or at any server that speaks like it.
@NullMarked
package dev.longshore.worker.provider.openai;

import org.jspecify.annotations.NullMarked;
