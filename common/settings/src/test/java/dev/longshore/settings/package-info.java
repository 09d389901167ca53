/// Tests of the operator's file, each kind of refusal among them.
@NullMarked
package dev.longshore.settings;

import org.jspecify.annotations.NullMarked;
