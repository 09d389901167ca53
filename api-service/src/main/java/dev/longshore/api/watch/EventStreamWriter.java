package dev.longshore.api.watch;

import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Singleton;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import org.jboss.resteasy.reactive.server.core.ResteasyReactiveRequestContext;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyWriter;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;

/// Makes the answer to a reader of events, which is written as things happen and ends when nothing more can.
@Provider
@Singleton
@Produces(MediaType.SERVER_SENT_EVENTS)
public final class EventStreamWriter implements ServerMessageBodyWriter<EventReader> {
    private final OpenReaders readers;

    EventStreamWriter(OpenReaders readers) {
        this.readers = readers;
    }

    @Override
    public boolean isWriteable(Class<?> type, Type generic, ResteasyReactiveResourceInfo target, MediaType media) {
        return type == EventReader.class;
    }

    @Override
    public boolean isWriteable(Class<?> type, Type generic, Annotation[] annotations, MediaType media) {
        return type == EventReader.class;
    }

    @Override
    public void writeResponse(EventReader reader, Type generic, ServerRequestContext context) {
        if (!(context instanceof ResteasyReactiveRequestContext request)) {
            throw new IllegalStateException("answers come from requests");
        }
        RoutingContext routing = request.serverRequest().unwrap(RoutingContext.class);
        request.suspend();
        routing.addEndHandler(_ -> request.resume());
        readers.open(reader, routing);
    }

    @Override
    public void writeTo(
            EventReader reader,
            Class<?> type,
            Type generic,
            Annotation[] annotations,
            MediaType media,
            MultivaluedMap<String, Object> headers,
            OutputStream out) {
        throw new UnsupportedOperationException("events are written as they come");
    }
}
