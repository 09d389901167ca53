package dev.longshore.settings;

import org.eclipse.microprofile.config.spi.Converter;

/// Lets the configuration read a [ByteSize].
public final class ByteSizeConverter implements Converter<ByteSize> {
    @Override
    public ByteSize convert(String text) {
        return ByteSize.read(text);
    }
}
