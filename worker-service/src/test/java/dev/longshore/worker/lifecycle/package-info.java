/// Time as the database tells it.
@NullMarked
package dev.longshore.worker.lifecycle;

import org.jspecify.annotations.NullMarked;
