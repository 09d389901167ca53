package dev.longshore.settings;

import io.smallrye.config.ConfigValue;
import io.smallrye.config.MapBackedConfigValueConfigSource;
import java.util.LinkedHashMap;
import java.util.Map;

/// A file's values among the framework's configuration sources.
final class OperatorFileSource extends MapBackedConfigValueConfigSource {

    /// Above the services' own `application.properties` (250), so that the operator has the last word over the
    /// developer; below environment variables (300), so that a deployment may differ from the file in one value.
    static final int OPERATOR = 275;

    /// Below everything that anybody may have said.
    static final int DEFAULTS = 1;

    OperatorFileSource(OperatorFile file, int ordinal) {
        super(nameOf(file), values(file, ordinal), ordinal);
    }

    /// How values say that they come from this file.
    static String nameOf(OperatorFile file) {
        return "OperatorFile[" + file.name() + "]";
    }

    private static Map<String, ConfigValue> values(OperatorFile file, int ordinal) {
        var values = new LinkedHashMap<String, ConfigValue>();
        file.texts()
                .forEach((property, text) -> values.put(
                        property,
                        ConfigValue.builder()
                                .withName(property)
                                .withValue(text)
                                .withRawValue(text)
                                .withConfigSourceName(nameOf(file))
                                .withConfigSourceOrdinal(ordinal)
                                .withLineNumber(file.lines().getOrDefault(property, -1))
                                .build()));
        return values;
    }
}
