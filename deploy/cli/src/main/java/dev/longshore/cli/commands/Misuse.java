package dev.longshore.cli.commands;

/// What was typed cannot be meant: options that do not go together, or a value that is none. It is an expected ending,
/// so it has no stack trace.
final class Misuse extends RuntimeException {
    private static final long serialVersionUID = 1;

    Misuse(String message) {
        super(message, null, false, false);
    }
}
