/// A provider that is nobody: answers come from the worker itself, at once and for nothing.
@NullMarked
package dev.longshore.worker.provider.echo;

import org.jspecify.annotations.NullMarked;
