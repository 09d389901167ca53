/// The operator's file: which providers, models and lanes there are and how patient each part is, read from one
/// YAML file or from environment variables, and refused at start with file, line, key and expectation when it is
/// wrong.
@NullMarked
package dev.longshore.settings;

import org.jspecify.annotations.NullMarked;
