package dev.formwork.model.value;

import org.jspecify.annotations.Nullable;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collections;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;

/// A map of a few fields that never changes and keeps their order, in one array. The inputs and
/// outputs of a step are such maps, and a run over ten thousand machines holds hundreds of
/// thousands of them: a linked hash map takes five times the memory.
final class FewFields extends AbstractMap<String, Value> {
    private static final int MOST = 8;

    /// Name, value, name, value.
    private final Object[] fields;

    private FewFields(Map<String, ? extends Value> map) {
        fields = new Object[2 * map.size()];
        int at = 0;
        for (Map.Entry<String, ? extends Value> field : map.entrySet()) {
            fields[at++] = Objects.requireNonNull(field.getKey());
            fields[at++] = Objects.requireNonNull(field.getValue());
        }
    }

    /// The same fields, in the same order, in a map that never changes.
    static Map<String, Value> copyOf(Map<String, ? extends Value> map) {
        if (map instanceof FewFields same) {
            return same;
        }
        return map.size() <= MOST
                ? new FewFields(map)
                : Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }

    @Override
    public int size() {
        return fields.length / 2;
    }

    @Override
    public @Nullable Value get(@Nullable Object name) {
        for (int at = 0; at < fields.length; at += 2) {
            if (fields[at].equals(name)) {
                return (Value) fields[at + 1];
            }
        }
        return null;
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return get(name) != null;
    }

    @Override
    public Set<Map.Entry<String, Value>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public int size() {
                return FewFields.this.size();
            }

            @Override
            public Iterator<Map.Entry<String, Value>> iterator() {
                return new Fields();
            }
        };
    }

    private final class Fields implements Iterator<Map.Entry<String, Value>> {
        private int at;

        @Override
        public boolean hasNext() {
            return at < fields.length;
        }

        @Override
        public Map.Entry<String, Value> next() {
            if (!hasNext()) {
                throw new NoSuchElementException();
            }
            Map.Entry<String, Value> field = Map.entry((String) fields[at], (Value) fields[at + 1]);
            at += 2;
            return field;
        }
    }
}
