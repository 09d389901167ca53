/// How things look: to people on a terminal, to people in a file, and to programs.
@NullMarked
package dev.longshore.cli.show;

import org.jspecify.annotations.NullMarked;
