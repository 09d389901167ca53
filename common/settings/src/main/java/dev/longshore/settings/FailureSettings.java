package dev.longshore.settings;

import java.util.Map;
import java.util.Optional;

/// How an API says that something went wrong, where its status alone does not tell.
public interface FailureSettings {

    /// What makes even a success an error, by being there and neither null, false nor an empty text. Absent means
    /// that only the status does.
    Optional<Pointer> when();

    /// The API's own code of the error. Absent means that it has none.
    Optional<Pointer> code();

    /// What it says for people to read. Absent means where most APIs say it.
    Optional<Pointer> message();

    /// What its codes mean to us. A code that is not here leaves it to the status.
    Map<String, Failure> meanings();

    @Override
    String toString();
}
