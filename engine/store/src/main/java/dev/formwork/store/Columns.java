package dev.formwork.store;

import org.jspecify.annotations.Nullable;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Between Java and columns. Times are kept to the microsecond, from the year 1 to 9999: as far as
/// both databases go.
final class Columns {
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");

    private Columns() {}

    static List<@Nullable Object> row(@Nullable Object... values) {
        return Arrays.asList(values);
    }

    static OffsetDateTime time(Instant at) {
        Instant kept = at.isBefore(FIRST) ? FIRST : at.isAfter(LAST) ? LAST : at;
        return kept.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    static @Nullable Object maybeTime(Optional<Instant> at) {
        return at.map(Columns::time).orElse(null);
    }

    static @Nullable Object maybe(Optional<?> value) {
        return value.map(Object::toString).orElse(null);
    }

    /// Constants as SQL has them after `in`.
    static String list(Stream<? extends Enum<?>> constants) {
        return constants
                .map(constant -> "'" + constant.name() + "'")
                .collect(Collectors.joining(", ", "(", ")"));
    }

    static Instant time(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    static Optional<Instant> maybeTime(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getObject(column, OffsetDateTime.class))
                .map(OffsetDateTime::toInstant);
    }

    static Optional<String> maybeText(ResultSet row, String column) throws SQLException {
        return Optional.ofNullable(row.getString(column));
    }

    static <T> Optional<T> maybe(ResultSet row, String column, Function<String, T> reading)
            throws SQLException {
        return maybeText(row, column).map(reading);
    }
}
