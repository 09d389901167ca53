/// A job as the server tells it, and what can be read from it.
@NullMarked
package dev.longshore.cli.job;

import org.jspecify.annotations.NullMarked;
