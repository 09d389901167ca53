/// Group commit: many callers' jobs in one transaction, then their tickets. Knows how full the lanes are.
@NullMarked
package dev.longshore.api.accept;

import org.jspecify.annotations.NullMarked;
