package dev.longshore.settings;

import org.eclipse.microprofile.config.spi.Converter;

/// Lets the configuration read a [Secret].
public final class SecretConverter implements Converter<Secret> {
    @Override
    public Secret convert(String text) {
        return Secret.read(text);
    }
}
