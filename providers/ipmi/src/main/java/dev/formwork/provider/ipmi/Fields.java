package dev.formwork.provider.ipmi;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Lines of `key : value`, as ipmitool prints them. What is hostile in them is cut off: nothing is
/// longer than 128 characters, and nothing is a control character.
final class Fields {
    private static final int LONGEST = 128;

    private final Map<String, String> fields;

    private Fields(Map<String, String> fields) {
        this.fields = fields;
    }

    static Fields parse(String said) {
        Map<String, String> fields = new HashMap<>();
        for (String line : said.split("\n", -1)) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.putIfAbsent(
                        line.substring(0, colon).strip(), clean(line.substring(colon + 1)));
            }
        }
        return new Fields(fields);
    }

    static String clean(String text) {
        String plain = text.replaceAll("[\\p{Cntrl}\uFFFD]", "").strip();
        return plain.length() > LONGEST ? plain.substring(0, LONGEST) : plain;
    }

    /// The value of the first of these keys that is there and not empty.
    Optional<String> first(String... keys) {
        for (String key : keys) {
            String value = fields.get(key);
            if (value != null && !value.isEmpty()) {
                return Optional.of(value);
            }
        }
        return Optional.empty();
    }
}
