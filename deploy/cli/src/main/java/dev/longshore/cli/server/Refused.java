package dev.longshore.cli.server;

/// The server has answered, and not with what was asked for. It is an expected ending, so it has no stack trace.
public final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Fault fault;

    public Refused(Fault fault) {
        super(fault.status() + " " + fault.code(), null, false, false);
        this.fault = fault;
    }

    public Fault fault() {
        return fault;
    }
}
