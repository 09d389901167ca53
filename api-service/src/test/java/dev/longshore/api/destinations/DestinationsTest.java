package dev.longshore.api.destinations;

import static dev.longshore.testing.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.settings.Network;
import dev.longshore.webhook.Clearance;
import dev.longshore.webhook.Clearance.Cleared;
import dev.longshore.webhook.Clearance.Refused;
import dev.longshore.webhook.Names;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Which URLs are taken, beyond what is asked of every URL that is called.
class DestinationsTest {
    private static final Names BOOK = name -> {
        String address = Map.of(
                        "good.example", "93.184.216.34",
                        "inside.example", "10.1.2.3",
                        "opened.example", "10.9.0.1")
                .get(name);
        if (address == null) {
            throw new UnknownHostException(name);
        }
        return List.of(InetAddress.ofLiteral(address));
    };

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-21T08:00:00Z"));

    @AfterEach
    void stop() {
        threads.shutdownNow();
    }

    @Test
    void tlsIsAskedForOutsideOfWhatTheOperatorHasOpened() throws InterruptedException {
        Destinations opened = destinations(BOOK, "10.9.0.0/16");

        assertThat(opened.addresses("https://good.example/x")).isInstanceOf(Cleared.class);
        assertThat(opened.addresses("https://opened.example/x")).isInstanceOf(Cleared.class);
        assertThat(opened.addresses("http://opened.example/x")).isInstanceOf(Cleared.class);
        assertThat(opened.addresses("http://10.9.3.4:8080/x")).isInstanceOf(Cleared.class);
        assertThat(why(opened.addresses("http://good.example/x"))).contains("https://", "webhooks.allow-networks");
        assertThat(why(opened.form("http://93.184.216.34/x"))).contains("webhooks.allow-networks");
    }

    @Test
    void whereNothingIsOpenedPlainHttpIsRefusedWithoutALook() {
        Names nobody = name -> {
            throw new AssertionError(name);
        };

        assertThat(why(destinations(nobody).form("http://good.example/x"))).contains("https://");
        assertThat(destinations(nobody).form("https://good.example/x")).isInstanceOf(Cleared.class);
    }

    @Test
    void aNameThatLeadsInsideIsRefusedAndItsAddressNotTold() throws InterruptedException {
        String why = why(destinations(BOOK).addresses("https://inside.example/"));

        assertThat(why).contains("inside.example", "private address").doesNotContain("10.1.2.3");
        assertThat(why(destinations(BOOK).form("https://10.1.2.3/"))).contains("private address");
    }

    @Test
    void aNameWithoutAnAddressMayHaveOneLater() throws InterruptedException {
        assertThat(destinations(BOOK).addresses("https://later.example/")).isInstanceOf(Cleared.class);
        // But whether it may be called without TLS cannot be known.
        assertThat(why(destinations(BOOK, "10.9.0.0/16").addresses("http://later.example/")))
                .contains("later.example");
    }

    @Test
    void nobodyWaitsLongForANameNorTwice() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        Destinations slow = destinations(_ -> {
            asked.incrementAndGet();
            never.await();
            return List.of();
        });

        assertThat(slow.addresses("https://slow.example/")).isInstanceOf(Cleared.class);
        assertThat(slow.addresses("https://slow.example/")).isInstanceOf(Cleared.class);
        await().until(() -> asked.get() == 1);
        now.updateAndGet(then -> then.plus(Duration.ofSeconds(31)));
        slow.addresses("https://slow.example/");
        await().until(() -> asked.get() == 2);
    }

    private Destinations destinations(Names names, String... opened) {
        List<Network> networks = java.util.Arrays.stream(opened)
                .map(cidr -> cidr.split("/"))
                .map(parts -> new Network(InetAddress.ofLiteral(parts[0]), Integer.parseInt(parts[1])))
                .toList();
        return new Destinations(networks, names, threads, now::get);
    }

    private static String why(Clearance clearance) {
        assertThat(clearance).isInstanceOf(Refused.class);
        return ((Refused) clearance).why();
    }
}
