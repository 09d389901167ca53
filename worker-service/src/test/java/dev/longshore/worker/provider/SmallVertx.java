package dev.longshore.worker.provider;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/// Two event loops for the tests of one class, closed after the last of them.
final class SmallVertx implements AfterAllCallback {
    private final Vertx vertx = Vertx.vertx(new VertxOptions()
            .setEventLoopPoolSize(2)
            .setFileSystemOptions(
                    new FileSystemOptions().setFileCachingEnabled(false).setClassPathResolvingEnabled(false)));

    /// A caller whose connections are made within this time, or not at all.
    HttpCaller caller(Duration connect) {
        return new HttpCaller(vertx, connect);
    }

    @Override
    public void afterAll(ExtensionContext context) throws ExecutionException, InterruptedException {
        vertx.close().toCompletionStage().toCompletableFuture().get();
    }
}
