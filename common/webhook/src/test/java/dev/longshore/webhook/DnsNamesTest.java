package dev.longshore.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Looking names up as this machine does.
class DnsNamesTest {
    @Test
    void namesOfTheHostsFileAreKnown() throws UnknownHostException, InterruptedException {
        try (DnsNames names = new DnsNames(List.of())) {
            assertThat(names.addressesOf("localhost")).isNotEmpty().allMatch(InetAddress::isLoopbackAddress);
        }
    }

    @Test
    void aNameThatCannotExistHasNoAddress() {
        try (DnsNames names = new DnsNames(List.of())) {
            assertThatExceptionOfType(UnknownHostException.class)
                    .isThrownBy(() -> names.addressesOf("nowhere.invalid"));
        }
    }
}
