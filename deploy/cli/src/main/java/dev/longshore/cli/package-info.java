/// The command line: a caller of the API like any other, which knows nothing of the server but its HTTP contract.
@NullMarked
package dev.longshore.cli;

import org.jspecify.annotations.NullMarked;
