package dev.longshore.api.view;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.longshore.view.AnswerModule;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;

/// Has the framework spell answers as [AnswerModule] says.
@Singleton
final class AnswerFormat implements ObjectMapperCustomizer {
    @Override
    public int priority() {
        // Behind the framework's own module for times.
        return MINIMUM_PRIORITY;
    }

    @Override
    public void customize(ObjectMapper mapper) {
        AnswerModule.into(mapper);
    }
}
