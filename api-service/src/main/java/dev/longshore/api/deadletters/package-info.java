/// Jobs that failed for good: seeing them, running them again, letting them go.
@NullMarked
package dev.longshore.api.deadletters;

import org.jspecify.annotations.NullMarked;
