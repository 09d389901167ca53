package dev.longshore.cli.show;

/// Nobody reads any more what is printed, as when a pipe's reader has ended.
public final class OutputClosed extends RuntimeException {
    private static final long serialVersionUID = 1;

    OutputClosed() {
        super("nobody reads the output any more", null, false, false);
    }
}
