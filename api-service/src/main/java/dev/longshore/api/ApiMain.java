package dev.longshore.api;

import dev.longshore.settings.SettingsCheck;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/// Starts the API service, once the operator's settings have been looked through.
@QuarkusMain
public final class ApiMain {
    private ApiMain() {}

    public static void main(String... args) {
        SettingsCheck.complainAndExitIfWrong();
        Quarkus.run(args);
    }
}
