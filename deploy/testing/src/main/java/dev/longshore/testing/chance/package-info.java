/// Seeded chance for property tests. A library for them (jqwik) was looked at and left: it is built for version 1 of
/// the JUnit platform where this build has version 6, its licence and its later releases are its own matter, and what
/// is needed of it, a seed that repeats a run, is one class.
@NullMarked
package dev.longshore.testing.chance;

import org.jspecify.annotations.NullMarked;
