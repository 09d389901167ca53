package dev.longshore.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Keeps the README true.
class ReadmeTest {

    private static final Pattern EXPLAINED = Pattern.compile("(?m)^\\| `([a-z.-]+)` \\|");

    @Test
    void everyKeyIsExplainedAndNoOther() throws IOException {
        var readme = Files.readString(Path.of("README.md"));
        var keys = readme.substring(readme.indexOf("## Keys"), readme.indexOf("## Environment variables"));
        var explained = EXPLAINED
                .matcher(keys)
                .results()
                .map((MatchResult row) -> row.group(1))
                .toList();
        assertThat(explained).containsExactlyInAnyOrderElementsOf(keys("", Shape.SETTINGS));
    }

    /// The keys as the README names them: a row of a table by its own keys, and the three lanes, which are alike, once.
    private static List<String> keys(String key, Shape shape) {
        return switch (shape) {
            case Shape.Group(var members) -> {
                var keys = new ArrayList<String>();
                members.forEach((name, member) -> {
                    var isLane = key.equals("lanes");
                    if (!isLane || name.equals("batch")) {
                        keys.addAll(keys(isLane ? "" : key.isEmpty() ? name : key + "." + name, member));
                    }
                });
                yield keys;
            }
            case Shape.Table(Shape.Group row) -> keys("", row);
            case Shape.Table _, Shape.Items _, Shape.Free _, Shape.Leaf _ -> List.of(key);
        };
    }
}
