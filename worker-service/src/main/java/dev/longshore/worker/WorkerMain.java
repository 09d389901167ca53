package dev.longshore.worker;

import dev.longshore.settings.SettingsCheck;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/// Starts the worker, but not with settings that are wrong.
@QuarkusMain
public final class WorkerMain {
    private WorkerMain() {}

    public static void main(String[] args) {
        SettingsCheck.complainAndExitIfWrong();
        Quarkus.run(args);
    }
}
