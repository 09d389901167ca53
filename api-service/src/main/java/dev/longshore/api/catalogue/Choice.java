package dev.longshore.api.catalogue;

import dev.longshore.api.catalogue.Lifetime.Stage;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a caller's word for a model comes to at one time.
public sealed interface Choice {

    /// A model that can be asked.
    ///
    /// @param named what the word stands for
    /// @param model what is asked: `named`, or what has come after it
    /// @param stage of `named`
    /// @param next the model to go over to: what has come after `named`; null when nothing has, or there is no need
    record Open(
            Model named, Model model, Stage stage, @Nullable Model next) implements Choice {

        /// Whether another model is asked than the one that the word stands for.
        public boolean replaced() {
            return !model.name().equals(named.name());
        }

        /// What an answer says in its headers of the model that was named.
        public Map<String, String> warnings() {
            return LifetimeHeaders.warnings(this);
        }

        /// What the answer to a request for this model says in its headers: the warnings, and which model took its
        /// place.
        public Map<String, String> headers() {
            return LifetimeHeaders.of(this);
        }
    }

    /// The model is shut down, and so is all that came after it.
    record Gone(Model named) implements Choice {}

    /// There is no such model.
    record Unknown() implements Choice {}
}
