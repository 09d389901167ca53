/// The jobs resource: reading a request into a job, and what may be done with a job afterwards.
@NullMarked
package dev.longshore.api.jobs;

import org.jspecify.annotations.NullMarked;
