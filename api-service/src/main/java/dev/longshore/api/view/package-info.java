/// The job as its owner sees it: one shape, and the SQL that reads it.
@NullMarked
package dev.longshore.api.view;

import org.jspecify.annotations.NullMarked;
