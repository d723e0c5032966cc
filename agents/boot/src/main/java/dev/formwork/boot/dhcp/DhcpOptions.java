package dev.formwork.boot.dhcp;

import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.address.Octets;

import org.jspecify.annotations.Nullable;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/// The options of a packet by number. Their order on the wire has no meaning (RFC 2131) and is not
/// kept; an option that came in several parts is one (RFC 3396).
///
/// Readers are total: what is too short or absent is empty.
public record DhcpOptions(SortedMap<Integer, Octets> values) {
    public static final DhcpOptions NONE = new DhcpOptions(new TreeMap<>());

    public DhcpOptions {
        for (int number : values.keySet()) {
            if (number <= Option.PAD || number >= Option.END || number == Option.OVERLOAD) {
                throw new IllegalArgumentException("option " + number);
            }
        }
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    public Optional<Octets> octets(int number) {
        return Optional.ofNullable(values.get(number));
    }

    public boolean has(int number) {
        return values.containsKey(number);
    }

    public Optional<String> text(int number) {
        return octets(number).map(Octets::text);
    }

    public Optional<Ipv4> address(int number) {
        return octets(number).filter(value -> value.size() == 4).map(value -> Ipv4.of(value, 0));
    }

    public OptionalInt shortNumber(int number) {
        @Nullable Octets value = values.get(number);
        return value == null || value.size() < 2
                ? OptionalInt.empty()
                : OptionalInt.of(value.shortAt(0));
    }

    /// The suboptions of an option whose value is a list of them; those before the first that is
    /// cut short. Where one comes twice the first counts.
    public Map<Integer, Octets> suboptions(int number) {
        @Nullable Octets value = values.get(number);
        return value == null ? Map.of() : suboptions(value);
    }

    static Map<Integer, Octets> suboptions(Octets value) {
        Map<Integer, Octets> found = new TreeMap<>();
        int at = 0;
        while (at + 2 <= value.size()) {
            int end = at + 2 + value.at(at + 1);
            if (end > value.size()) {
                break;
            }
            found.putIfAbsent(value.at(at), value.slice(at + 2, end));
            at = end;
        }
        return found;
    }

    public static Builder builder() {
        return new Builder();
    }

    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.values.putAll(values);
        return builder;
    }

    /// Collects options. One thread at a time.
    public static final class Builder {
        private final TreeMap<Integer, Octets> values = new TreeMap<>();

        private Builder() {}

        public Builder put(int number, Octets value) {
            values.put(number, value);
            return this;
        }

        public Builder put(int number, Ipv4 value) {
            return put(number, value.octets());
        }

        /// Nothing where the list is empty.
        public Builder put(int number, List<Ipv4> addresses) {
            Octets all = Octets.EMPTY;
            for (Ipv4 address : addresses) {
                all = all.plus(address.octets());
            }
            return addresses.isEmpty() ? this : put(number, all);
        }

        public Builder put(int number, String text) {
            return put(number, Octets.ofText(text));
        }

        public Builder putInt(int number, int value) {
            return put(number, Octets.ofInt(value));
        }

        public Builder putAll(DhcpOptions others) {
            values.putAll(others.values());
            return this;
        }

        /// Leaves out an option.
        public Builder remove(int number) {
            values.remove(number);
            return this;
        }

        public DhcpOptions build() {
            return new DhcpOptions(values);
        }
    }

    /// The numbers in the order in which we write them: the type first, as old firmware looks only
    /// there; the relay agent's last (RFC 3046, section 2.1); between them large ones first, which
    /// get the most into the little room of an overloaded packet.
    List<Integer> wireOrder() {
        return values.keySet().stream()
                .sorted(
                        Comparator.<Integer>comparingInt(DhcpOptions::place)
                                .thenComparing(
                                        number -> octets(number).map(Octets::size).orElse(0),
                                        Comparator.reverseOrder())
                                .thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    private static int place(int number) {
        return switch (number) {
            case Option.MESSAGE_TYPE -> 0;
            case Option.SERVER_ID -> 1;
            case Option.RELAY_AGENT -> 3;
            default -> 2;
        };
    }
}
