package dev.longshore.rig.receiver;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.dns.DatagramDnsQuery;
import io.netty.handler.codec.dns.DatagramDnsQueryDecoder;
import io.netty.handler.codec.dns.DatagramDnsResponse;
import io.netty.handler.codec.dns.DatagramDnsResponseEncoder;
import io.netty.handler.codec.dns.DefaultDnsRawRecord;
import io.netty.handler.codec.dns.DnsQuestion;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.handler.codec.dns.DnsResponseCode;
import io.netty.handler.codec.dns.DnsSection;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/// Tells addresses of names that exist only in the rig, on a port of its own of the loopback interface. No answer may
/// be kept: the next may be another.
///
/// Safe for use by many threads.
public final class PaperNameServer implements AutoCloseable {
    private static final String HOST = "127.0.0.1";
    private static final int KEPT_SECONDS = 0;

    private final NioEventLoopGroup loop = new NioEventLoopGroup(1, new DefaultThreadFactory("rig-names", true));
    private final Map<String, Turns> names = new ConcurrentHashMap<>();
    private final Channel channel;

    /// Starts it; it knows no name.
    public PaperNameServer() {
        Answering answering = new Answering();
        channel = new Bootstrap()
                .group(loop)
                .channel(NioDatagramChannel.class)
                .handler(new ChannelInitializer<DatagramChannel>() {
                    @Override
                    protected void initChannel(DatagramChannel fresh) {
                        fresh.pipeline()
                                .addLast(new DatagramDnsQueryDecoder(), new DatagramDnsResponseEncoder(), answering);
                    }
                })
                .bind(HOST, 0)
                .syncUninterruptibly()
                .channel();
    }

    /// `127.0.0.1:8123`
    public String address() {
        return HOST + ":" + ((InetSocketAddress) channel.localAddress()).getPort();
    }

    /// Whoever asks for the name from now on is told the next of the answers, and after the last the first again.
    ///
    /// @param answers IPv4 addresses
    void answer(String name, List<List<InetAddress>> answers) {
        names.put(name.toLowerCase(Locale.ROOT) + ".", new Turns(answers));
    }

    /// From now on there is no such name.
    void forget(String name) {
        names.remove(name.toLowerCase(Locale.ROOT) + ".");
    }

    @Override
    public void close() {
        channel.close().syncUninterruptibly();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    /// Used by the server's one thread.
    private static final class Turns {
        private final List<List<InetAddress>> answers;
        private int next;

        private Turns(List<List<InetAddress>> answers) {
            this.answers = List.copyOf(answers);
        }

        private List<InetAddress> next() {
            return answers.get(next++ % answers.size());
        }
    }

    @Sharable
    private final class Answering extends SimpleChannelInboundHandler<DatagramDnsQuery> {
        @Override
        protected void channelRead0(ChannelHandlerContext context, DatagramDnsQuery query) {
            DnsQuestion question = query.recordAt(DnsSection.QUESTION);
            DatagramDnsResponse response = new DatagramDnsResponse(query.recipient(), query.sender(), query.id());
            response.setRecursionAvailable(true).addRecord(DnsSection.QUESTION, question);
            Turns turns = names.get(question.name().toLowerCase(Locale.ROOT));
            if (turns == null) {
                response.setCode(DnsResponseCode.NXDOMAIN);
            } else if (question.type().equals(DnsRecordType.A)) {
                for (InetAddress address : turns.next()) {
                    response.addRecord(
                            DnsSection.ANSWER,
                            new DefaultDnsRawRecord(
                                    question.name(),
                                    DnsRecordType.A,
                                    KEPT_SECONDS,
                                    Unpooled.wrappedBuffer(address.getAddress())));
                }
            }
            context.writeAndFlush(response);
        }
    }
}
