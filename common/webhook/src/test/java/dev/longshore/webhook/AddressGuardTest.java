package dev.longshore.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.settings.Network;
import java.io.IOException;
import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which addresses may be called: every range at its edges and at random inside, and its neighbours.
class AddressGuardTest {
    private static final AddressGuard GUARD = new AddressGuard(List.of());
    private static final long SEED = Long.getLong("longshore.seed", 20_261_121);

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0, RFC 791",
        "10.0.0.1, RFC 1918",
        "100.64.0.1, RFC 6598",
        "100.100.100.200, RFC 6598",
        "127.0.0.1, RFC 1122",
        "127.255.255.254, RFC 1122",
        "169.254.169.254, RFC 3927",
        "169.254.170.2, RFC 3927",
        "172.16.0.1, RFC 1918",
        "172.31.255.255, RFC 1918",
        "192.0.0.192, RFC 6890",
        "192.168.1.1, RFC 1918",
        "198.19.255.255, RFC 2544",
        "224.0.0.1, RFC 5771",
        "255.255.255.255, 'RFC 1112, RFC 919'",
        "168.63.129.16, Azure's documentation",
        "::, RFC 4291",
        "::1, RFC 4291",
        "::7f00:1, RFC 4291",
        "64:ff9b::10.0.0.1, RFC 6052",
        "64:ff9b::8.8.8.8, RFC 6052",
        "64:ff9b:1::a00:1, RFC 8215",
        "2002:0a00:0001::, RFC 3056",
        "2002:7f00:1::1, RFC 3056",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2, RFC 4380",
        "2001:db8::1, RFC 3849",
        "fd00:ec2::254, RFC 4193",
        "fe80::1, RFC 4291",
        "febf::1, RFC 4291",
        "fec0::1, RFC 3879",
        "ff02::1, RFC 4291",
        "4000::1, 'RFC 4291, section 2.4'",
        "::ffff:0:10.0.0.1, 'RFC 4291, section 2.4'",
        "a000::1, 'RFC 4291, section 2.4'"
    })
    void specialAddressesAreRefusedWithTheirReason(String address, String source) {
        assertThat(GUARD.forbids(InetAddress.ofLiteral(address)))
                .map(ForbiddenRange::source)
                .contains(source);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1.1.1.1",
                "8.8.8.8",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.0",
                "169.253.255.255",
                "169.255.0.0",
                "172.15.255.255",
                "172.32.0.0",
                "192.0.1.0",
                "192.167.255.255",
                "192.169.0.0",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "168.63.129.15",
                "168.63.129.17",
                "2000::1",
                "2001:4860:4860::8888",
                "2606:4700:4700::1111",
                "2003::1",
                "2a00:1450::1",
                "3ffe:ffff::1",
                "2001:200::1",
                "2001:db7::1",
                "2001:db9::1"
            })
    void theOpenInternetMayBeCalled(String address) {
        assertThat(GUARD.forbids(InetAddress.ofLiteral(address))).isEmpty();
    }

    static Stream<ForbiddenRange> ranges() {
        return ForbiddenRange.ALL.stream();
    }

    @ParameterizedTest
    @MethodSource("ranges")
    void aRangeIsRefusedFromItsFirstToItsLastAddressAndAtRandomBetween(ForbiddenRange range) {
        byte[] first = range.network().address().getAddress();
        int hostBits = first.length * Byte.SIZE - range.network().prefix();
        BigInteger size = BigInteger.ONE.shiftLeft(hostBits);
        Random random = new Random(SEED);
        Stream<BigInteger> offsets = Stream.concat(
                Stream.of(BigInteger.ZERO, size.subtract(BigInteger.ONE)),
                IntStream.range(0, 30).mapToObj(_ -> new BigInteger(hostBits, random)));
        assertThat(offsets)
                .allSatisfy(offset -> assertThat(GUARD.forbids(at(first, offset)))
                        .as("seed %d", SEED)
                        .isPresent());
    }

    @Test
    void everyIpv4AddressWrittenAsIpv6IsRefused() {
        for (String text : List.of("10.0.0.1", "8.8.8.8", "127.0.0.1", "255.255.255.255")) {
            InetAddress address = ForbiddenRange.writtenAsIpv6(InetAddress.ofLiteral(text));
            assertThat(address).isInstanceOf(Inet6Address.class);
            assertThat(GUARD.forbids(address)).map(ForbiddenRange::what).contains("an IPv4 address written as IPv6");
        }
    }

    @Test
    void whatTheOperatorAllowsMayBeCalledAndNothingElse() {
        AddressGuard guard = new AddressGuard(List.of(
                new Network(InetAddress.ofLiteral("10.1.0.0"), 16), new Network(InetAddress.ofLiteral("fd00::"), 64)));
        assertThat(guard.forbids(InetAddress.ofLiteral("10.1.2.3"))).isEmpty();
        assertThat(guard.forbids(InetAddress.ofLiteral("fd00::1"))).isEmpty();
        assertThat(guard.forbids(InetAddress.ofLiteral("10.2.0.1"))).isPresent();
        assertThat(guard.forbids(InetAddress.ofLiteral("fd00:0:0:1::1"))).isPresent();
        assertThat(guard.forbids(InetAddress.ofLiteral("127.0.0.1"))).isPresent();
        assertThat(guard.forbids(InetAddress.ofLiteral("8.8.8.8"))).isEmpty();
    }

    @Test
    void theReadmeNamesEveryRangeWithItsSource() throws IOException {
        List<String> rows = Files.readAllLines(Path.of("README.md"));
        assertThat(ForbiddenRange.ALL)
                .hasSizeGreaterThan(30)
                .allSatisfy(range -> assertThat(rows)
                        .anySatisfy(
                                row -> assertThat(row).contains(range.written()).contains(range.source())));
    }

    private static InetAddress at(byte[] first, BigInteger offset) {
        byte[] sum = new BigInteger(1, first).add(offset).toByteArray();
        byte[] bytes = new byte[first.length];
        int length = Math.min(sum.length, bytes.length);
        System.arraycopy(sum, sum.length - length, bytes, bytes.length - length, length);
        try {
            return bytes.length == 4
                    ? InetAddress.getByAddress(bytes)
                    // The other factory would make an IPv4 address of some.
                    : Inet6Address.getByAddress(null, bytes, -1);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
