package dev.longshore.webhook;

import dev.longshore.settings.NameServer;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Looks names up in the hosts file and by DNS.
///
/// Not by the JDK's own means, which block a thread of the operating system for each name: customers choose the
/// names, and a few hundred whose servers never answer would stop everything else that runs on virtual threads.
public final class DnsNames implements Names, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration ONE_SERVER = Duration.ofSeconds(2);
    private static final int LONGEST_KEPT_SECONDS = 30;
    private static final int NOTHING_KEPT_SECONDS = 2;

    private final NioEventLoopGroup loop = new NioEventLoopGroup(1, new DefaultThreadFactory("webhook-names", true));
    private final DnsNameResolver resolver;

    /// @param servers who is asked, one after the other (`webhooks.name-servers`); with none whoever this machine asks
    public DnsNames(List<NameServer> servers) {
        DnsNameResolverBuilder builder = new DnsNameResolverBuilder(loop.next())
                .datagramChannelType(NioDatagramChannel.class)
                // For answers that are too long for one packet.
                .socketChannelType(NioSocketChannel.class)
                .queryTimeoutMillis(ONE_SERVER.toMillis())
                .ttl(0, LONGEST_KEPT_SECONDS)
                .negativeTtl(NOTHING_KEPT_SECONDS);
        if (!servers.isEmpty()) {
            builder.nameServerProvider(new SequentialDnsServerAddressStreamProvider(servers.stream()
                    .map(server -> new InetSocketAddress(server.address(), server.port()))
                    .toList()));
        }
        resolver = builder.build();
    }

    @Override
    public List<InetAddress> addressesOf(String name) throws UnknownHostException, InterruptedException {
        CompletableFuture<List<InetAddress>> answer = new CompletableFuture<>();
        resolver.resolveAll(name).addListener((Future<List<InetAddress>> future) -> {
            if (future.isSuccess()) {
                answer.complete(future.getNow());
            } else {
                answer.completeExceptionally(future.cause());
            }
        });
        try {
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            UnknownHostException unknown = new UnknownHostException(name);
            unknown.initCause(e);
            throw unknown;
        }
    }

    @Override
    public void close() {
        resolver.close();
        loop.shutdownGracefully(0, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
