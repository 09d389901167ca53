package dev.longshore.settings;

import org.eclipse.microprofile.config.spi.Converter;

/// Lets the configuration read a [NameServer].
public final class NameServerConverter implements Converter<NameServer> {
    @Override
    public NameServer convert(String text) {
        return NameServer.read(text);
    }
}
