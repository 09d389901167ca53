/// From tickets to claims, with a database that forgets to answer.
@NullMarked
package dev.longshore.worker.intake;

import org.jspecify.annotations.NullMarked;
