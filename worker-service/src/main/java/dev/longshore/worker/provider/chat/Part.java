package dev.longshore.worker.provider.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.longshore.worker.provider.DataUri;
import dev.longshore.worker.provider.Inexpressible;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// A part of what somebody says in a chat.
public sealed interface Part {
    /// JSON pointer to it.
    String at();

    /// @param written as it came, for what only one provider puts there
    record Text(String text, JsonNode written, String at) implements Part {
        /// @return none for an empty text: it says nothing, and some APIs refuse it
        static List<Part> of(String text, String at) {
            JsonNode written =
                    JsonNodeFactory.instance.objectNode().put("type", "text").put("text", text);
            return text.isEmpty() ? List.of() : List.of(new Text(text, written, at));
        }
    }

    /// @param url its address, or itself as a data URI
    /// @param detail how closely it is to be looked at; `auto` where nothing is asked for
    record Image(String url, String detail, String at) implements Part {
        public Optional<DataUri> data() {
            return DataUri.read(url);
        }

        /// For APIs that cannot be told how closely to look.
        public void mustBeTakenAsItIs(TargetApi api) throws Inexpressible {
            if (!detail.equals("auto")) {
                throw new Inexpressible(at + "/image_url/detail", api.name() + " takes images as they are.");
            }
        }
    }

    /// A PDF, say.
    ///
    /// @param file with `file_data` and `filename`, or with `file_id`
    record Attachment(JsonNode file, String at) implements Part {
        public DataUri data() throws Inexpressible {
            return DataUri.read(file.path("file_data").asText(""))
                    .orElseThrow(() -> new Inexpressible(
                            at + "/file",
                            "a file must be inside the request, as 'file_data' with a data URI: its id is another's."));
        }
    }

    record Sound(String format, String base64, String at) implements Part {}

    /// Nothing that OpenAI knows.
    record Other(JsonNode written, String at) implements Part {}

    /// @param content of a message: text, or a list of parts
    static List<Part> read(JsonNode content, String at) {
        List<Part> all = new ArrayList<>();
        if (content.isTextual()) {
            all.addAll(Text.of(content.textValue(), at));
            return all;
        }
        for (int i = 0; i < content.size(); i++) {
            JsonNode part = content.get(i);
            String where = at + "/" + i;
            switch (part.path("type").asText("")) {
                case "text" -> all.add(new Text(part.path("text").asText(""), part, where));
                case "refusal" -> all.addAll(Text.of(part.path("refusal").asText(""), where));
                case "image_url" -> {
                    JsonNode image = part.path("image_url");
                    all.add(new Image(
                            image.path("url").asText(""), image.path("detail").asText("auto"), where));
                }
                case "file" -> all.add(new Attachment(part.path("file"), where));
                case "input_audio" -> {
                    JsonNode sound = part.path("input_audio");
                    String format = sound.path("format").asText("wav").toLowerCase(Locale.ROOT);
                    all.add(new Sound(format, sound.path("data").asText(""), where));
                }
                default -> all.add(new Other(part, where));
            }
        }
        return all;
    }

    /// What is said, where nothing but text can be taken.
    ///
    /// @param at JSON pointer to the whole
    /// @param what is to be text
    static String text(List<Part> says, String at, String what, TargetApi api) throws Inexpressible {
        StringBuilder all = new StringBuilder();
        for (Part part : says) {
            if (!(part instanceof Text text)) {
                throw new Inexpressible(at, api.name() + " takes " + what + " as text.");
            }
            all.append(text.text());
        }
        return all.toString();
    }
}
