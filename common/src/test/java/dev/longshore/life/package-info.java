/// A model of a job's life that knows nothing of SQL, seeded sequences of commands that are run against
/// it and against the real statements side by side, and tables of what each statement may do in each
/// state. Chance comes from `dev.longshore.testing.chance`, which says why no library for property tests
/// is used; what a library would add, shrinking, is done here by leaving commands out while the failure
/// stays.
@NullMarked
package dev.longshore.life;

import org.jspecify.annotations.NullMarked;
