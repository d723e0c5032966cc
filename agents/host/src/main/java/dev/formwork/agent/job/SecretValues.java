package dev.formwork.agent.job;

import dev.formwork.agent.protocol.Job;
import dev.formwork.agent.protocol.ProtocolJson;

import tools.jackson.databind.JsonNode;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

/// The texts in which a job's secret inputs can turn up in its log: as they are, without the last
/// newline, line by line, and as they stand in the JSON of `$FORMWORK_INPUTS`.
final class SecretValues {
    /// A shorter line of a secret, such as a brace, says nothing and would hide much.
    private static final int SHORTEST_LINE = 6;

    private final Set<String> texts = new LinkedHashSet<>();

    private SecretValues() {}

    static SecretMasker masker(Job job) {
        SecretValues values = new SecretValues();
        for (String name : job.secrets()) {
            JsonNode value = job.inputs().get(name);
            if (value != null) {
                values.add(value);
            }
        }
        return new SecretMasker(
                values.texts.stream()
                        .filter(text -> !text.isEmpty())
                        .map(text -> text.getBytes(StandardCharsets.UTF_8))
                        .collect(Collectors.toList()));
    }

    private void add(JsonNode value) {
        if (value.isContainer()) {
            texts.add(json(value));
            value.forEach(this::add);
        } else if (value.isString()) {
            addText(value.stringValue());
        } else if (value.isNumber()) {
            texts.add(value.asString());
        }
    }

    private void addText(String text) {
        texts.add(text);
        texts.add(text.stripTrailing());
        String quoted = json(ProtocolJson.string(text));
        texts.add(quoted.substring(1, quoted.length() - 1));
        if (text.indexOf('\n') >= 0) {
            text.lines()
                    .map(String::strip)
                    .filter(line -> line.length() >= SHORTEST_LINE)
                    .forEach(texts::add);
        }
    }

    private static String json(JsonNode value) {
        return new String(ProtocolJson.write(value), StandardCharsets.UTF_8);
    }
}
