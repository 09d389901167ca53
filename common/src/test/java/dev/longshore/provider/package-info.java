/// Tests of what all workers know of providers, against a real database.
@NullMarked
package dev.longshore.provider;

import org.jspecify.annotations.NullMarked;
