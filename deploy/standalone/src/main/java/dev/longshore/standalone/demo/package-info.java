/// The first five minutes: submits the sample work as any client would, over HTTP with a key, and shows what becomes of
/// it.
@NullMarked
package dev.longshore.standalone.demo;

import org.jspecify.annotations.NullMarked;
