package dev.formwork.model.value;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A value of an input, an output, a fact or a parameter: JSON's kinds, integers apart from reals,
/// and secrets as a kind of their own so that no path can print one by oversight. Immutable.
public sealed interface Value {
    /// JSON null: also the value of an output whose step was skipped.
    record Null() implements Value {
        @Override
        public String toString() {
            return "null";
        }
    }

    record Bool(boolean value) implements Value {
        @Override
        public String toString() {
            return Boolean.toString(value);
        }
    }

    record Int(long value) implements Value {
        @Override
        public String toString() {
            return Long.toString(value);
        }
    }

    /// A finite IEEE 754 double: JSON has no NaN and no infinities.
    record Real(double value) implements Value {
        public Real {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("not a JSON number: " + value);
            }
        }

        @Override
        public String toString() {
            return Double.toString(value);
        }
    }

    record Text(String value) implements Value {
        @Override
        public String toString() {
            return value;
        }
    }

    record Sequence(List<Value> items) implements Value {
        public Sequence {
            items = List.copyOf(items);
        }

        @Override
        public String toString() {
            return items.toString();
        }
    }

    /// Keys keep the order in which they were written; equality ignores it.
    record Struct(Map<String, Value> fields) implements Value {
        public static final Struct EMPTY = new Struct(Map.of());

        public Struct {
            fields = FewFields.copyOf(fields);
        }

        @Override
        public String toString() {
            return fields.toString();
        }
    }

    /// Prints as `***`, is stored encrypted, and enters fingerprints by a keyed MAC.
    ///
    /// @param revealed the plain value; never itself a secret
    record Secret(Value revealed) implements Value {
        public Secret {
            if (revealed instanceof Secret nested) {
                revealed = nested.revealed();
            }
        }

        @Override
        public String toString() {
            return "***";
        }
    }

    static Value nil() {
        return new Null();
    }

    static Value of(String text) {
        return new Text(text);
    }

    static Value of(long number) {
        return new Int(number);
    }

    static Value of(double number) {
        return new Real(number);
    }

    static Value of(boolean bool) {
        return new Bool(bool);
    }

    static Value of(List<? extends Value> items) {
        return new Sequence(new ArrayList<>(items));
    }

    static Struct of(Map<String, ? extends Value> fields) {
        return new Struct(FewFields.copyOf(fields));
    }

    /// Whether a secret is anywhere inside.
    default boolean holdsSecret() {
        return switch (this) {
            case Secret _ -> true;
            case Sequence(List<Value> items) -> items.stream().anyMatch(Value::holdsSecret);
            case Struct(Map<String, Value> fields) ->
                    fields.values().stream().anyMatch(Value::holdsSecret);
            case Null _, Bool _, Int _, Real _, Text _ -> false;
        };
    }
}
