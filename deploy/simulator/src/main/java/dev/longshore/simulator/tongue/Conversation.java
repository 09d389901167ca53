package dev.longshore.simulator.tongue;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Gathers what was said, from whichever tongue, into an ask.
public final class Conversation {

    /// No limit on the output.
    public static final int ANY_LENGTH = Integer.MAX_VALUE;

    private final Set<String> tools = new LinkedHashSet<>();
    private String userText = "";
    private long hash = Fingerprint.EMPTY;
    private int characters;
    private int messages;
    private boolean mayCall = true;

    /// The user said something: faults match the last of it, and tools may be called again.
    public void user(String text) {
        said("user", text);
        userText = text;
        mayCall = true;
    }

    /// A tool told its result: what it was called for is done, and the model speaks next.
    public void tool(String text) {
        said("tool", text);
        mayCall = false;
    }

    /// Anybody else said something.
    public void said(String role, String text) {
        messages++;
        characters += text.length();
        hash = Fingerprint.of(Fingerprint.of(hash, role), text);
    }

    /// The caller has a tool of that name.
    public void declare(String tool) {
        if (!tool.isEmpty()) {
            tools.add(tool);
        }
    }

    /// The caller wants no tool to be called.
    public void forbidTools() {
        tools.clear();
    }

    /// Whether nothing was said at all.
    public boolean isEmpty() {
        return messages == 0;
    }

    /// The ask that all of it makes.
    public Ask.Chat ask(String model, boolean stream, boolean includeUsage, int maxOutputTokens, boolean json) {
        return new Ask.Chat(
                model,
                userText,
                hash,
                characters,
                stream,
                includeUsage,
                maxOutputTokens,
                json,
                mayCall ? Set.copyOf(tools) : Set.of());
    }

    /// The embeddings ask that some texts make.
    public static Ask.Embedding embedding(String model, List<String> inputs, boolean base64, int dimensions) {
        long hash = Fingerprint.EMPTY;
        int characters = 0;
        for (String input : inputs) {
            hash = Fingerprint.of(Fingerprint.of(hash, "\n"), input);
            characters += input.length();
        }
        String text = inputs.size() == 1 ? inputs.getFirst() : String.join("\n", inputs);
        return new Ask.Embedding(model, text, hash, characters, List.copyOf(inputs), base64, dimensions);
    }
}
