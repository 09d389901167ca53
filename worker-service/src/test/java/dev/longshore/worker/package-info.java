/// The whole worker against a real database, a real broker and a provider made of paper.
@NullMarked
package dev.longshore.worker;

import org.jspecify.annotations.NullMarked;
