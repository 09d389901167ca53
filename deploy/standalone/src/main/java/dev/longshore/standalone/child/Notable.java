package dev.longshore.standalone.child;

import java.util.regex.Pattern;

/// Which lines of a child are worth the terminal: warnings, errors, what Longshore itself has to say, and the lines
/// that belong to them (a stack trace follows the line it explains).
final class Notable {
    private static final Pattern BEGINNING = Pattern.compile("^(\\d{4}-\\d{2}-\\d{2}|\\{\").*");
    private static final Pattern LOUD = Pattern.compile(
            "\\b(WARN|WARNING|ERROR|FATAL|PANIC|SEVERE)\\b|^Exception in thread|^Error: |^[A-Za-z]*Error occurred");
    private static final Pattern OURS = Pattern.compile("\\[dev\\.lon|\"dev\\.longshore");
    // What every start and every stop brings, and nobody can do anything about.
    private static final Pattern KNOWN = Pattern.compile("Performing controller activation"
            + "|the database system is (starting up|shutting down|not yet accepting connections)"
            + "|terminating connection due to administrator command");

    private final boolean everything;
    private boolean lastShown;

    Notable(boolean everything) {
        this.everything = everything;
    }

    boolean isShown(String line) {
        if (everything) return true;
        boolean loud = LOUD.matcher(line).find() || OURS.matcher(line).find();
        if (loud) {
            lastShown = !KNOWN.matcher(line).find();
        } else if (BEGINNING.matcher(line).matches()) {
            lastShown = false;
        }
        return lastShown;
    }
}
