package dev.longshore.settings;

import org.eclipse.microprofile.config.spi.Converter;

/// Lets the configuration read a [Network].
public final class NetworkConverter implements Converter<Network> {
    @Override
    public Network convert(String text) {
        return Network.read(text);
    }
}
