package dev.formwork.agent.ansible;

import tools.jackson.databind.JsonNode;

import java.util.Iterator;
import java.util.Map;

/// Writes values as YAML in which Ansible takes each text for a text: what looks like a template in
/// it (`{{ ... }}`) is never evaluated, whoever has put it there. Source: Ansible's documentation
/// of the tag `!unsafe`.
final class UntrustedYaml {
    private final StringBuilder out = new StringBuilder();

    private UntrustedYaml() {}

    /// In one line.
    static String write(JsonNode value) {
        UntrustedYaml yaml = new UntrustedYaml();
        yaml.add(value);
        return yaml.out.toString();
    }

    private void add(JsonNode value) {
        if (value.isObject()) {
            out.append('{');
            Iterator<Map.Entry<String, JsonNode>> fields = value.properties().iterator();
            while (fields.hasNext()) {
                Map.Entry<String, JsonNode> field = fields.next();
                quote(field.getKey());
                out.append(": ");
                add(field.getValue());
                out.append(fields.hasNext() ? ", " : "");
            }
            out.append('}');
        } else if (value.isArray()) {
            out.append('[');
            Iterator<JsonNode> items = value.iterator();
            while (items.hasNext()) {
                add(items.next());
                out.append(items.hasNext() ? ", " : "");
            }
            out.append(']');
        } else if (value.isString()) {
            out.append("!unsafe ");
            quote(value.stringValue());
        } else if (value.isFloatingPointNumber()) {
            // Without an exponent: YAML 1.1 takes 1.5E7 for a text.
            out.append(value.decimalValue().toPlainString());
        } else {
            out.append(value);
        }
    }

    /// As YAML's double quotes have it; readers refuse many characters that are not escaped.
    private void quote(String text) {
        out.append('"');
        text.codePoints()
                .forEach(each -> {
                    if (each == '"' || each == '\\') {
                        out.append('\\').appendCodePoint(each);
                    } else if (each >= ' ' && each < 0x7f) {
                        out.appendCodePoint(each);
                    } else {
                        out.append("\\U%08x".formatted(each));
                    }
                });
        out.append('"');
    }
}
