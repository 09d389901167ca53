/// The commands, one class each: what may be typed, and what is then done.
@NullMarked
package dev.longshore.cli.commands;

import org.jspecify.annotations.NullMarked;
