package dev.formwork.provider.gce;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.MapEntry;
import com.google.protobuf.Message;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The `filter` of a list: comparisons of fields, joined by AND and OR, in parentheses. What it
/// does not understand it refuses, so that nothing is filtered by nothing.
///
/// Not here: negation, wildcards, regular expressions.
final class Filter {
    private static final Pattern TOKEN =
            Pattern.compile("\\s*(?:(\\(|\\)|!=|=|:|<|>)|\"([^\"]*)\"|([A-Za-z0-9_.-]+))");

    private final List<String> tokens = new ArrayList<>();
    private final Message example;
    private int at;

    private Filter(String text, Message example) {
        this.example = example;
        Matcher matcher = TOKEN.matcher(text);
        int end = 0;
        while (matcher.find() && matcher.start() == end) {
            end = matcher.end();
            if (matcher.group(1) != null) {
                tokens.add(matcher.group(1));
            } else if (matcher.group(2) != null) {
                tokens.add("\"" + matcher.group(2));
            } else {
                tokens.add(matcher.group(3));
            }
        }
        if (!text.substring(end).isBlank()) {
            throw wrong(text.substring(end));
        }
    }

    /// @param example of what is listed: it has all the fields that there are
    static Predicate<Message> of(String text, Message example) {
        if (text.isBlank()) {
            return _ -> true;
        }
        Filter filter = new Filter(text, example);
        Predicate<Message> all = filter.or();
        if (filter.at < filter.tokens.size()) {
            throw wrong(filter.tokens.get(filter.at));
        }
        return all;
    }

    private Predicate<Message> or() {
        Predicate<Message> all = and();
        while (takes("OR")) {
            all = all.or(and());
        }
        return all;
    }

    private Predicate<Message> and() {
        Predicate<Message> all = one();
        while (takes("AND")) {
            all = all.and(one());
        }
        return all;
    }

    private Predicate<Message> one() {
        if (takes("(")) {
            Predicate<Message> inside = or();
            if (!takes(")")) {
                throw wrong("no )");
            }
            return inside;
        }
        String field = next();
        String operator = next();
        value(example, field);
        String value = next().replaceFirst("^\"", "");
        return switch (operator) {
            case "=" -> message -> value(message, field).equals(value);
            case "!=" -> message -> !value(message, field).equals(value);
            default -> throw wrong(operator);
        };
    }

    private boolean takes(String token) {
        boolean is = at < tokens.size() && tokens.get(at).equals(token);
        at += is ? 1 : 0;
        return is;
    }

    private String next() {
        if (at == tokens.size()) {
            throw wrong("the end");
        }
        return tokens.get(at++);
    }

    private static String value(Message message, String path) {
        String[] parts = path.split("\\.", 2);
        for (FieldDescriptor field : message.getDescriptorForType().getFields()) {
            if (!field.getJsonName().equals(parts[0])) {
                continue;
            }
            if (parts.length == 1) {
                return switch (message.getField(field)) {
                    case Long number -> Long.toUnsignedString(number);
                    case Object value -> value.toString();
                };
            }
            if (field.isMapField()) {
                return ((List<?>) message.getField(field))
                        .stream()
                                .map(each -> (MapEntry<?, ?>) each)
                                .filter(each -> each.getKey().equals(parts[1]))
                                .map(each -> String.valueOf(each.getValue()))
                                .findFirst()
                                .orElse("");
            }
            if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE && !field.isRepeated()) {
                return value((Message) message.getField(field), parts[1]);
            }
        }
        throw wrong("there is no field " + path);
    }

    private static ApiError wrong(String what) {
        return new ApiError(400, "invalid", "Invalid value for field 'filter': " + what);
    }
}
