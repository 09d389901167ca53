package dev.longshore.standalone.child;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// How one child is run.
///
/// @param name a word for its log file and its lines
/// @param command program and arguments
/// @param environment what is set beside our own environment
/// @param withheld names of our own environment that are none of its business
/// @param prepare done before each start
/// @param ready whether it does its work now; asked often, so it must answer within a second or so
/// @param end asks it to stop; what is left is waited for, and in the end killed
/// @param patience how long it may take to stop
public record ChildPlan(
        String name,
        List<String> command,
        Map<String, String> environment,
        Set<String> withheld,
        Step prepare,
        Question ready,
        Ending end,
        Duration patience) {
    public ChildPlan {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
        withheld = Set.copyOf(withheld);
    }

    /// A child that needs no preparation and stops on `SIGTERM`.
    public static ChildPlan of(
            String name, List<String> command, Map<String, String> environment, Question ready, Duration patience) {
        return new ChildPlan(name, command, environment, Set.of(), () -> {}, ready, ProcessHandle::destroy, patience);
    }

    /// The same, without these variables of our own environment.
    public ChildPlan withholding(String... names) {
        return new ChildPlan(name, command, environment, Set.of(names), prepare, ready, end, patience);
    }

    /// Something to be done that may fail.
    @FunctionalInterface
    public interface Step {
        /// Does it, and throws when it cannot be done.
        void run() throws IOException;
    }

    /// Something to be asked.
    @FunctionalInterface
    public interface Question {
        /// Whether it is so now; a failure to find out is a no.
        boolean ask();
    }

    /// A way to ask a process to stop.
    @FunctionalInterface
    public interface Ending {
        /// Asks; need not wait.
        void ask(ProcessHandle process) throws IOException;
    }

    // The environment holds secrets.
    @Override
    public String toString() {
        return name;
    }
}
