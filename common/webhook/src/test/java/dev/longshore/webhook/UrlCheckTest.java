package dev.longshore.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longshore.settings.Network;
import dev.longshore.webhook.Clearance.Cleared;
import dev.longshore.webhook.Clearance.Refused;
import dev.longshore.webhook.Clearance.Unresolved;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What a URL must be like to be registered.
class UrlCheckTest {
    private static final Map<String, String> ADDRESSES = Map.of(
            "hook.example", "93.184.216.34 2606:2800:220:1::1",
            "mixed.example", "93.184.216.34 10.0.0.5",
            "inside.example", "10.0.0.5",
            "metadata.example", "169.254.169.254",
            "mapped.example", "::ffff:10.0.0.1",
            "nat64.example", "64:ff9b::10.0.0.1");

    private final UrlCheck check = new UrlCheck(new AddressGuard(List.of()), UrlCheckTest::look);

    private static List<InetAddress> look(String name) throws UnknownHostException {
        String addresses = ADDRESSES.get(name);
        if (addresses == null) {
            throw new UnknownHostException(name);
        }
        return Arrays.stream(addresses.split(" ")).map(InetAddress::ofLiteral).toList();
    }

    @ParameterizedTest
    @CsvSource({
        "https://hook.example, true, hook.example, 443, /, https://hook.example:443",
        "http://hook.example, false, hook.example, 80, /, http://hook.example:80",
        "HTTPS://Hook.Example:8443/a/b?c=d&e=%20, true, hook.example, 8443, /a/b?c=d&e=%20, https://hook.example:8443",
        "https://hook.example./x, true, hook.example, 443, /x, https://hook.example:443",
        "https://hook.example:80?x, true, hook.example, 80, /?x, https://hook.example:80",
        "http://my_service.hook.example:65535/, false, my_service.hook.example, 65535, /,"
                + " http://my_service.hook.example:65535",
        "http://xn--bcher-kva.example:1024/, false, xn--bcher-kva.example, 1024, /, http://xn--bcher-kva.example:1024",
        "http://8.8.8.8/?a[0]=1, false, 8.8.8.8, 80, /?a[0]=1, http://8.8.8.8:80",
        "http://[2606:4700::1]:8080/, false, 2606:4700:0:0:0:0:0:1, 8080, /, http://[2606:4700:0:0:0:0:0:1]:8080"
    })
    void goodUrlsAreTakenApart(String url, boolean tls, String host, int port, String target, String origin) {
        assertThat(check.form(url)).isInstanceOfSatisfying(Cleared.class, cleared -> {
            assertThat(cleared.url().tls()).isEqualTo(tls);
            assertThat(cleared.url().host()).isEqualTo(host);
            assertThat(cleared.url().port()).isEqualTo(port);
            assertThat(cleared.url().target()).isEqualTo(target);
            assertThat(cleared.url().origin()).isEqualTo(origin);
        });
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ftp://hook.example/ | must start with",
                "file:///etc/passwd | must start with",
                "gopher://hook.example/ | must start with",
                "javascript:alert(1) | must start with",
                "hook.example/x | must start with",
                "//hook.example/x | must start with",
                "https:hook.example | names no host",
                "https:///x | names no host",
                "https:// | cannot be read",
                "https://user@hook.example/ | user name",
                "https://user:pass@hook.example/ | user name",
                "https://8.8.8.8@127.0.0.1/ | user name",
                "https://hook.example/#part | fragment",
                "https://hook.example/# | fragment",
                "https://hook.example:22/ | port",
                "https://hook.example:25/ | port",
                "https://hook.example:0/ | port",
                "https://hook.example:1023/ | port",
                "https://hook.example:65536/ | port",
                "https://hook.example:99999999999/ | port",
                "https://hook.example:/ | port",
                "https://hook.example:0443/ | port",
                "https://hook.example:-1/ | port",
                "https://hook.example:8080:8080/ | port",
                "https://hook..example/ | no name",
                "https://.hook.example/ | no name",
                "https://hook.example../ | no name",
                "https://-hook.example/ | no name",
                "https://exa%6dple.com/ | no name",
                "https://hook*.example/ | no name",
                "https://hook.example\\@127.0.0.1/ | cannot be read",
                "https://hook.example/a b | visible ASCII",
                "https://büch.example/ | visible ASCII",
                "https://ⓛocalhost/ | visible ASCII",
                "https://hook.example/ü | visible ASCII",
                "https://hook.example/%zz | cannot be read",
                "https://[::1 | cannot be read",
                "https://[hook.example]/ | cannot be read",
            })
    void badFormsAreRefusedInWords(String url, String why) {
        assertThat(check.form(url))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.why()).contains(why).endsWith("."));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0x7f.1",
                "0x7f000001",
                "0X7F000001",
                "2130706433",
                "127.1",
                "127.0.1",
                "0177.0.0.1",
                "017700000001",
                "127.0.0.1.",
                "127.0.0.01",
                "0x7f.0x0.0x0.0x1",
                "0",
                "0.",
                "1",
                "00.0.0.0",
                "256.1.1.1",
                "1.2.3.4.5",
                "127.0.0.0x1",
                "hook.example.1",
                "999999999999",
                "127.0.0.1000",
                "0x",
                "1.0x",
                "3232235777",
                "10.1",
                "4294967295",
                "4294967296",
                "192.168.257",
                "169.254.43518",
                "0xa9fea9fe",
                "0251.0376.0251.0376"
            })
    void odderSpellingsOfAnIpv4AddressAreRefusedUnread(String host) {
        assertThat(check.form("http://" + host + ":8080/"))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.why()).contains("ends in a number"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "10.0.0.1",
                "172.20.1.1",
                "192.168.0.1",
                "169.254.169.254",
                "100.64.1.1",
                "0.0.0.0",
                "255.255.255.255",
                "224.0.0.1",
                "[::]",
                "[::1]",
                "[0:0:0:0:0:0:0:1]",
                "[::ffff:10.0.0.1]",
                "[::ffff:a00:1]",
                "[::ffff:8.8.8.8]",
                "[::FFFF:127.0.0.1]",
                "[0:0:0:0:0:ffff:7f00:1]",
                "[::10.0.0.1]",
                "[64:ff9b::10.0.0.1]",
                "[64:ff9b::a00:1]",
                "[2002:0a00:0001::]",
                "[fe80::1]",
                "[fd00:ec2::254]",
                "[ff02::1]",
                "[2001:db8::1]",
                "[2001:0:a00:1::]",
                "[fec0::1]"
            })
    void forbiddenAddressesAreRefusedAtOnce(String host) {
        assertThat(check.form("http://" + host + ":8080/"))
                .isInstanceOfSatisfying(
                        Refused.class, refused -> assertThat(refused.why()).contains("webhooks may not call"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[fe80::1%25eth0]", "[fe80::1%eth0]", "[1.2.3.4]", "[v1.fe80]", "[]", "[::1]x", "[:::1]"})
    void whatIsNoAddressInBracketsIsRefused(String host) {
        assertThat(check.form("http://" + host + "/")).isInstanceOf(Refused.class);
    }

    @Test
    void aUrlMayHave2048Characters() {
        String start = "https://hook.example/";
        assertThat(check.form(start + "x".repeat(2_048 - start.length()))).isInstanceOf(Cleared.class);
        assertThat(check.form(start + "x".repeat(2_049 - start.length()))).isInstanceOf(Refused.class);
    }

    @Test
    void aNameIsClearedWithAllItsAddresses() throws InterruptedException {
        assertThat(check.form("https://hook.example/"))
                .isInstanceOfSatisfying(
                        Cleared.class,
                        cleared -> assertThat(cleared.addresses()).isEmpty());
        assertThat(check.addresses("https://hook.example/"))
                .isInstanceOfSatisfying(
                        Cleared.class,
                        cleared -> assertThat(cleared.addresses())
                                .containsExactly(
                                        InetAddress.ofLiteral("93.184.216.34"),
                                        InetAddress.ofLiteral("2606:2800:220:1::1")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"mixed", "inside", "metadata", "mapped", "nat64"})
    void aNameWithAnyForbiddenAddressIsRefusedWithoutTellingIt(String name) throws InterruptedException {
        assertThat(check.addresses("https://" + name + ".example/"))
                .isInstanceOfSatisfying(
                        Refused.class,
                        refused -> assertThat(refused.why())
                                .contains(name + ".example stands for")
                                .doesNotContain("10.0.0", "169.254.169"));
    }

    @Test
    void aNameWithoutAddressIsNotRefusedForGood() throws InterruptedException {
        assertThat(check.addresses("https://nowhere.example/"))
                .isEqualTo(new Unresolved("The name nowhere.example has no address."));
    }

    @Test
    void whatTheOperatorAllowsIsCleared() throws InterruptedException {
        UrlCheck open = new UrlCheck(
                new AddressGuard(List.of(new Network(InetAddress.ofLiteral("10.0.0.0"), 8))), UrlCheckTest::look);
        assertThat(open.addresses("http://10.0.0.5:9000/")).isInstanceOf(Cleared.class);
        assertThat(open.addresses("http://inside.example/")).isInstanceOf(Cleared.class);
        assertThat(open.addresses("http://mixed.example/")).isInstanceOf(Cleared.class);
        assertThat(open.addresses("http://metadata.example/")).isInstanceOf(Refused.class);
        assertThat(open.addresses("http://[::ffff:10.0.0.5]/")).isInstanceOf(Refused.class);
    }
}
