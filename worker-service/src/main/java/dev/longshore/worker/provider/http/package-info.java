/// The dialect of APIs that only their operator knows: one POST, made by a template, and pointers into its answer.
@NullMarked
package dev.longshore.worker.provider.http;

import org.jspecify.annotations.NullMarked;
