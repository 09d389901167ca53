package dev.longshore.settings;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/// A YAML file as it was written: its values with the line of each key, nothing interpreted yet.
///
/// Keys are joined to property names as the configuration spells them: `longshore.lanes.batch.weight`, with names
/// that hold anything but letters, digits, `_` and `-` in quotes (`longshore.models."gpt-4.1".provider`) and
/// entries of lists by their index (`api-keys[0]`).
///
/// @param name what to call the file in a complaint
/// @param root what the file says
/// @param texts the single values by property name, in the order of the file
/// @param lines the line of each key by property name, counted from 1
/// @param complaints what is wrong with the YAML itself
record OperatorFile(
        String name, Value root, Map<String, String> texts, Map<String, Integer> lines, List<Complaint> complaints) {

    /// The environment variable, or system property, that names the file.
    static final String VARIABLE = "LONGSHORE_CONFIG";

    /// Far beyond any sensible file; a file that is larger is a mistake or an attack.
    private static final int MAX_CODE_POINTS = 4 << 20;

    private static final int MAX_DEPTH = 20;
    private static final int MAX_ALIASES = 50;

    /// Aliases let a small file stand for a huge one, so what it stands for is counted too.
    private static final int MAX_VALUES = 100_000;

    private static final Pattern PLAIN_KEY = Pattern.compile("[A-Za-z0-9_-]+");

    /// What stands at one place of a YAML file.
    sealed interface Value {
        /// A single value, as text whatever it looks like.
        ///
        /// @param plain whether it was written without quotation marks, so that it may be meant as a number
        record Text(String text, boolean plain) implements Value {}

        /// A list.
        record Items(List<Value> values) implements Value {}

        /// Keys with their values.
        record Keys(Map<String, Value> values) implements Value {}

        /// A key with nothing after it.
        record Nothing() implements Value {}
    }

    /// Reads the file at the path, or the demo that is bundled if there is none. A file that cannot be read is a
    /// complaint.
    static OperatorFile read(@Nullable Path path) {
        if (path == null) {
            return bundled("longshore-demo.yaml");
        }
        // A variable that is set to nothing is a slip; running the demo in its place would hide it.
        if (path.toString().isEmpty()) {
            return unreadable(path, "an empty name");
        }
        try {
            return parse(path.toString(), Files.readString(path));
        } catch (NoSuchFileException _) {
            return unreadable(path, "no such file");
        } catch (CharacterCodingException _) {
            return unreadable(path, "a file that is not UTF-8");
        } catch (IOException _) {
            return unreadable(path, Files.isDirectory(path) ? "a directory" : "a file that cannot be read");
        }
    }

    /// Reads one of this module's own files.
    static OperatorFile bundled(String name) {
        try (InputStream resource = OperatorFile.class.getResourceAsStream("/" + name)) {
            if (resource == null) {
                throw new IllegalStateException("The resource " + name + " is missing from the class path");
            }
            return parse(name, new String(resource.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Reads YAML. Tags, which could make it more than data, are complaints, and so is whatever passes the limits
    /// above.
    static OperatorFile parse(String name, String yaml) {
        var options = new LoaderOptions();
        options.setCodePointLimit(MAX_CODE_POINTS);
        options.setNestingDepthLimit(MAX_DEPTH);
        options.setMaxAliasesForCollections(MAX_ALIASES);
        options.setAllowRecursiveKeys(false);
        var reading = new Reading(name);
        Value root = new Value.Nothing();
        try {
            var node = new Yaml(options).compose(new StringReader(yaml));
            if (node != null) {
                root = reading.value("", node, 0);
            }
        } catch (MarkedYAMLException e) {
            var problem = e.getProblem() == null ? "something else" : e.getProblem();
            reading.complain(e.getProblemMark(), columnOf(e.getProblemMark()), "valid YAML", problem);
        } catch (YAMLException e) {
            reading.complaints.add(new Complaint(name, "file", "valid YAML", String.valueOf(e.getMessage())));
        }
        return new OperatorFile(name, root, reading.texts, reading.lines, reading.complaints);
    }

    /// The name only: the file may hold secrets.
    @Override
    public String toString() {
        return name;
    }

    /// Joins a key to the property name of what it stands under.
    static String child(String parent, String key) {
        var segment = PLAIN_KEY.matcher(key).matches() ? key : "\"" + key + "\"";
        return parent.isEmpty() ? segment : parent + "." + segment;
    }

    /// `FILE:LINE` of the key, or of the nearest thing above it that the file mentions.
    String place(String property) {
        for (var candidate = property; !candidate.isEmpty(); candidate = parent(candidate)) {
            var line = lines.get(candidate);
            if (line != null) {
                return name + ":" + line;
            }
        }
        return name;
    }

    /// The property name without its last part; empty if there is none above.
    private static String parent(String property) {
        if (property.endsWith("]")) {
            return property.substring(0, property.lastIndexOf('['));
        }
        if (property.endsWith("\"")) {
            var quote = property.lastIndexOf('"', property.length() - 2);
            return quote > 0 ? property.substring(0, quote - 1) : "";
        }
        return property.substring(0, Math.max(0, property.lastIndexOf('.')));
    }

    private static OperatorFile unreadable(Path path, String found) {
        var place = path.toString().isEmpty() ? "environment" : path.toString();
        var complaint = new Complaint(place, VARIABLE, "a readable YAML file", found);
        return new OperatorFile(path.toString(), new Value.Nothing(), Map.of(), Map.of(), List.of(complaint));
    }

    private static String columnOf(@Nullable Mark mark) {
        return mark == null ? "file" : "column " + (mark.getColumn() + 1);
    }

    /// One pass over the tree of a file.
    private static final class Reading {
        private final String name;
        private final Map<String, String> texts = new LinkedHashMap<>();
        private final Map<String, Integer> lines = new LinkedHashMap<>();
        private final List<Complaint> complaints = new ArrayList<>();
        private int count;

        Reading(String name) {
            this.name = name;
        }

        void complain(@Nullable Mark mark, String key, String expected, String found) {
            var place = mark == null ? name : name + ":" + (mark.getLine() + 1);
            complaints.add(new Complaint(place, key, expected, found));
        }

        Value value(String property, Node node, int depth) {
            if (depth > MAX_DEPTH) {
                throw new YAMLException("a value that contains itself or is nested deeper than " + MAX_DEPTH);
            }
            if (++count > MAX_VALUES) {
                throw new YAMLException("more than " + MAX_VALUES + " values");
            }
            if (!node.getTag().startsWith(Tag.PREFIX)
                    || node.getTag().getValue().startsWith(Tag.PREFIX + "java")) {
                complain(node.getStartMark(), property, "plain YAML", "the tag " + node.getTag());
                return new Value.Nothing();
            }
            var value = valueOf(property, node, depth);
            if (Shape.isFree(property) && (value instanceof Value.Keys || value instanceof Value.Items)) {
                // One value for the configuration, whatever the operator's own keys are called.
                texts.keySet().removeIf(name -> name.startsWith(property + ".") || name.startsWith(property + "["));
                texts.put(property, JsonText.of(value));
            }
            return value;
        }

        private Value valueOf(String property, Node node, int depth) {
            return switch (node) {
                case MappingNode mapping -> keys(property, mapping, depth);
                case SequenceNode sequence -> items(property, sequence, depth);
                case ScalarNode scalar when scalar.getTag().equals(Tag.NULL) -> new Value.Nothing();
                case ScalarNode scalar -> {
                    texts.put(property, scalar.getValue());
                    yield new Value.Text(scalar.getValue(), scalar.isPlain());
                }
                default -> throw new YAMLException("a value of an unknown kind");
            };
        }

        private Value keys(String property, MappingNode mapping, int depth) {
            var values = new LinkedHashMap<String, Value>();
            for (var tuple : mapping.getValue()) {
                var mark = tuple.getKeyNode().getStartMark();
                if (!(tuple.getKeyNode() instanceof ScalarNode scalar)
                        || scalar.getValue().isBlank()
                        || scalar.getValue().indexOf('"') >= 0
                        // Property names have it escape what follows.
                        || scalar.getValue().indexOf('\\') >= 0) {
                    complain(
                            mark,
                            property,
                            "keys of plain text without quotation marks and backslashes",
                            "another kind of key");
                    continue;
                }
                var key = scalar.getValue();
                var child = child(property, key);
                var earlier = lines.get(child);
                if (values.containsKey(key)) {
                    complain(mark, child, "a key only once", "it again after line " + earlier);
                    continue;
                }
                lines.put(child, mark.getLine() + 1);
                values.put(key, value(child, tuple.getValueNode(), depth + 1));
            }
            return new Value.Keys(values);
        }

        private Value items(String property, SequenceNode sequence, int depth) {
            var values = new ArrayList<Value>();
            for (var node : sequence.getValue()) {
                var child = property + "[" + values.size() + "]";
                lines.put(child, node.getStartMark().getLine() + 1);
                values.add(value(child, node, depth + 1));
            }
            return new Value.Items(values);
        }
    }
}
