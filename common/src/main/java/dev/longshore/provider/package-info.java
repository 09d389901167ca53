/// What all workers together know of the providers: what each allows now, and how it has been doing.
@NullMarked
package dev.longshore.provider;

import org.jspecify.annotations.NullMarked;
