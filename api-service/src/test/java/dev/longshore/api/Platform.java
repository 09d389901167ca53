package dev.longshore.api;

import dev.longshore.testing.LongshoreServers;
import io.quarkus.test.common.WithTestResource;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Runs a test against the whole service.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@WithTestResource(LongshoreServers.class)
@WithTestResource(LoopbackOpened.class)
public @interface Platform {}
