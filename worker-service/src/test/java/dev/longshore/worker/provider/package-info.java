/// Calls over real sockets to servers that misbehave.
@NullMarked
package dev.longshore.worker.provider;

import org.jspecify.annotations.NullMarked;
