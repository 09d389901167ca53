/// What was typed behind a program's name, read in one way by every program of this module.
@NullMarked
package dev.longshore.standalone.arguments;

import org.jspecify.annotations.NullMarked;
