/// Anthropic's Messages API.
@NullMarked
package dev.longshore.worker.provider.anthropic;

import org.jspecify.annotations.NullMarked;
