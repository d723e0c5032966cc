package dev.formwork.workflow.expression;

import com.google.common.primitives.UnsignedLong;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.cel.common.values.NullValue;
import dev.formwork.model.value.Value;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.AbstractList;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.RandomAccess;
import java.util.Set;

/// Values on their way into CEL and back, for one evaluation. Lists and maps go in as views, so
/// that ten thousand machines cost nothing until they are read, and so that a secret deep inside
/// counts as read only when it is. Not thread-safe.
final class CelValues {
    private boolean secretRead;

    /// Whether what was computed so far may tell something of a secret.
    boolean secretRead() {
        return secretRead;
    }

    /// @param type what the checker was told: JSON doesn't tell 3 from 3.0, but CEL does
    Object toCel(Value value, CelType type) {
        CelType wanted = Types.withoutNull(type);
        return switch (value) {
            case Value.Null _ -> NullValue.NULL_VALUE;
            case Value.Bool(boolean bool) -> bool;
            case Value.Int(long number) ->
                    wanted.equals(SimpleType.DOUBLE) ? (Object) (double) number : (Object) number;
            case Value.Real(double number) ->
                    wanted.equals(SimpleType.INT) && isLong(number)
                            ? (Object) (long) number
                            : (Object) number;
            case Value.Text(String text) -> text;
            case Value.Sequence sequence ->
                    new CelList(
                            new ListView(
                                    sequence,
                                    wanted instanceof ListType list
                                            ? list.elemType()
                                            : SimpleType.DYN));
            case Value.Struct struct -> new CelMap(new MapView(struct, wanted));
            case Value.Secret(Value revealed) -> {
                secretRead = true;
                yield toCel(revealed, type);
            }
        };
    }

    private static boolean isLong(double number) {
        return number == Math.rint(number) && Math.abs(number) < 0x1p63;
    }

    /// @throws NotJson with what it is instead
    Value fromCel(Object result) {
        return switch (result) {
            case NullValue _ -> new Value.Null();
            case Boolean bool -> Value.of(bool.booleanValue());
            case Long number -> Value.of(number.longValue());
            case UnsignedLong number -> {
                if (number.longValue() < 0) {
                    throw new NotJson("an integer greater than 9223372036854775807");
                }
                yield Value.of(number.longValue());
            }
            case Double number -> {
                if (!Double.isFinite(number)) {
                    throw new NotJson("a number that is infinite or undefined");
                }
                yield Value.of(number.doubleValue());
            }
            case String text -> Value.of(text);
            case Instant time -> Value.of(time.toString());
            case CelList list when list.items() instanceof ListView view -> view.origin;
            case CelMap map when map.entries() instanceof MapView view -> view.origin;
            case List<?> list -> {
                List<Value> items = new ArrayList<>(list.size());
                for (Object item : list) {
                    items.add(fromCel(item));
                }
                yield Value.of(items);
            }
            case Map<?, ?> map -> {
                Map<String, Value> fields = new LinkedHashMap<>();
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    if (!(entry.getKey() instanceof String key)) {
                        throw new NotJson("a map with keys that aren't text");
                    }
                    fields.put(key, fromCel(entry.getValue()));
                }
                yield Value.of(fields);
            }
            default -> throw new NotJson("a value that JSON doesn't have");
        };
    }

    /// The same without any secret marks inside: for what becomes a secret as a whole.
    static Value reveal(Value value) {
        if (!value.holdsSecret()) {
            return value;
        }
        return switch (value) {
            case Value.Secret(Value revealed) -> reveal(revealed);
            case Value.Sequence(List<Value> items) ->
                    Value.of(items.stream().map(CelValues::reveal).toList());
            case Value.Struct(Map<String, Value> fields) -> {
                Map<String, Value> revealed = new LinkedHashMap<>();
                fields.forEach((name, field) -> revealed.put(name, reveal(field)));
                yield Value.of(revealed);
            }
            case Value.Null _, Value.Bool _, Value.Int _, Value.Real _, Value.Text _ -> value;
        };
    }

    static final class NotJson extends RuntimeException {
        private static final long serialVersionUID = 1L;

        final String what;

        NotJson(String what) {
            super(what, null, false, false);
            this.what = what;
        }
    }

    final class ListView extends AbstractList<Object> implements RandomAccess {
        final Value.Sequence origin;
        private final CelType element;

        private ListView(Value.Sequence origin, CelType element) {
            this.origin = origin;
            this.element = element;
        }

        @Override
        public Object get(int index) {
            return toCel(origin.items().get(index), element);
        }

        @Override
        public int size() {
            return origin.items().size();
        }
    }

    final class MapView extends AbstractMap<Object, Object> {
        final Value.Struct origin;
        private final CelType type;

        private MapView(Value.Struct origin, CelType type) {
            this.origin = origin;
            this.type = type;
        }

        private Object field(String name, Value value) {
            CelType field =
                    switch (type) {
                        case MapType map -> map.valueType();
                        case StructType struct ->
                                struct.findField(name)
                                        .<CelType>map(StructType.Field::type)
                                        .orElse(SimpleType.DYN);
                        default -> SimpleType.DYN;
                    };
            return toCel(value, field);
        }

        @Override
        public @Nullable Object get(@Nullable Object key) {
            if (!(key instanceof String name)) {
                return null;
            }
            Value value = origin.fields().get(name);
            return value == null ? null : field(name, value);
        }

        @Override
        public boolean containsKey(@Nullable Object key) {
            return key instanceof String name && origin.fields().containsKey(name);
        }

        @Override
        public int size() {
            return origin.fields().size();
        }

        @Override
        public Set<Entry<Object, Object>> entrySet() {
            return new Entries();
        }

        private final class Entries extends AbstractSet<Entry<Object, Object>> {
            @Override
            public int size() {
                return MapView.this.size();
            }

            @Override
            public Iterator<Entry<Object, Object>> iterator() {
                Iterator<Entry<String, Value>> fields = origin.fields().entrySet().iterator();
                return new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return fields.hasNext();
                    }

                    @Override
                    public Entry<Object, Object> next() {
                        Entry<String, Value> entry = fields.next();
                        return new SimpleImmutableEntry<>(
                                entry.getKey(), field(entry.getKey(), entry.getValue()));
                    }
                };
            }
        }
    }
}
