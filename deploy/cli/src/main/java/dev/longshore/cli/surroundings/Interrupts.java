package dev.longshore.cli.surroundings;

/// The user's Ctrl-C, or a polite order to end.
@FunctionalInterface
public interface Interrupts {
    /// Does this when it comes, shortly before the program is gone.
    Watch then(Runnable what);

    /// Until it is closed, Ctrl-C has its effect.
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }

    /// Those of this process.
    static Interrupts ofThisProcess() {
        return what -> {
            Thread hook = new Thread(what, "interrupted");
            Runtime.getRuntime().addShutdownHook(hook);
            return () -> {
                try {
                    Runtime.getRuntime().removeShutdownHook(hook);
                } catch (IllegalStateException _) {
                    // It is being done already.
                }
            };
        };
    }
}
