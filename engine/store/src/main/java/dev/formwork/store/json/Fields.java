package dev.formwork.store.json;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/// The fields of one stored object, each read as what it must be.
///
/// @param place what is read, for the problem
record Fields(JsonNode json, String place) {
    String text(String name) {
        return textOf(name, required(name));
    }

    Optional<String> maybeText(String name) {
        return maybe(name).map(found -> textOf(name, found));
    }

    int number(String name) {
        JsonNode found = required(name);
        if (!found.canConvertToInt()) {
            throw StoreJson.damaged(place, "its field " + name + " is no number");
        }
        return found.intValue();
    }

    long bigNumber(String name) {
        JsonNode found = required(name);
        if (!found.canConvertToLong()) {
            throw StoreJson.damaged(place, "its field " + name + " is no number");
        }
        return found.longValue();
    }

    boolean flag(String name) {
        JsonNode found = required(name);
        if (!found.isBoolean()) {
            throw StoreJson.damaged(place, "its field " + name + " is neither true nor false");
        }
        return found.booleanValue();
    }

    Instant instant(String name) {
        return instantOf(name, text(name));
    }

    Optional<Instant> maybeInstant(String name) {
        return maybeText(name).map(found -> instantOf(name, found));
    }

    <E extends Enum<E>> E constant(String name, Class<E> type) {
        try {
            return Enum.valueOf(type, text(name));
        } catch (IllegalArgumentException e) {
            throw StoreJson.damaged(place, "its field " + name + " has an unknown value", e);
        }
    }

    Fields object(String name) {
        return new Fields(required(name), place);
    }

    Optional<Fields> maybeObject(String name) {
        return maybe(name).map(found -> new Fields(found, place));
    }

    JsonNode required(String name) {
        return maybe(name)
                .orElseThrow(() -> StoreJson.damaged(place, "its field " + name + " is missing"));
    }

    Stream<Fields> objects(String name) {
        return required(name).valueStream().map(each -> new Fields(each, place));
    }

    <T extends Comparable<T>> SortedSet<T> sorted(String name, Function<String, T> reading) {
        SortedSet<T> set = new TreeSet<>();
        required(name).valueStream().forEach(each -> set.add(reading.apply(textOf(name, each))));
        return set;
    }

    boolean has(String name) {
        return maybe(name).isPresent();
    }

    <T> List<T> list(String name, Function<String, T> reading) {
        return required(name).valueStream().map(each -> reading.apply(textOf(name, each))).toList();
    }

    SortedMap<String, String> texts(String name) {
        SortedMap<String, String> map = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : required(name).properties()) {
            map.put(entry.getKey(), textOf(name, entry.getValue()));
        }
        return map;
    }

    static ArrayNode textsOf(Collection<?> items) {
        ArrayNode array = StoreJson.array();
        items.forEach(item -> array.add(item.toString()));
        return array;
    }

    static ObjectNode textsOf(Map<String, String> entries) {
        ObjectNode object = StoreJson.object();
        entries.forEach(object::put);
        return object;
    }

    private Optional<JsonNode> maybe(String name) {
        @Nullable JsonNode found = json.get(name);
        return found == null || found.isNull() ? Optional.empty() : Optional.of(found);
    }

    private String textOf(String name, JsonNode found) {
        if (!found.isString()) {
            throw StoreJson.damaged(place, "its field " + name + " is no text");
        }
        return found.stringValue();
    }

    private Instant instantOf(String name, String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw StoreJson.damaged(place, "its field " + name + " is no time", e);
        }
    }
}
