/// The pipeline of one attempt: call, judge, settle, announce; four steps that never mix.
@NullMarked
package dev.longshore.worker.attempt;

import org.jspecify.annotations.NullMarked;
