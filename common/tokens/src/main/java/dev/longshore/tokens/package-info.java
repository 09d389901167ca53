/// Counts tokens before and after a call: to refuse what does not fit before a cent is spent, to estimate a cost,
/// and to book a usage that a provider did not report.
@NullMarked
package dev.longshore.tokens;

import org.jspecify.annotations.NullMarked;
