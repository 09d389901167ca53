package dev.longshore.rig.proof;

import java.util.Set;

/// A promise that was not kept.
///
/// @param check the name of the promise
/// @param what what contradicts it
/// @param jobs the jobs that it is about
public record Violation(String check, String what, Set<String> jobs) {
    static Violation of(Check check, String what, String... jobs) {
        return new Violation(check.name(), what, Set.of(jobs));
    }
}
