/// Every way Longshore says no: to a caller over HTTP and in the error of a job, each with its code and what
/// to do about it.
@NullMarked
package dev.longshore.problem;

import org.jspecify.annotations.NullMarked;
