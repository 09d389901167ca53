/// What a job is, the states it can be in, and the only statements that may change them. Knows the lanes it
/// travels on and how an attempt can end; nobody else writes the job tables.
@NullMarked
package dev.longshore.job;

import org.jspecify.annotations.NullMarked;
