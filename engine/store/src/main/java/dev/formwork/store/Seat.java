package dev.formwork.store;

import dev.formwork.model.ProblemException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// The right to write to a shard: a row that an engine holds for a while and holds on to, under an
/// epoch that whoever takes the seat next raises. All times in it are the database's, so engines
/// need not agree on theirs. docs/decisions/0004 says why it is safe.
///
/// @param holder who we are, for others to read
/// @param lease how long the seat is ours after it was confirmed
record Seat(String shard, long epoch, String holder, Duration lease) {
    /// The only one there is, for now.
    static final String MAIN = "main";

    private static final Logger LOG = LoggerFactory.getLogger(Seat.class);

    /// How many leases an engine has between taking the seat and its first commit.
    private static final int TO_OPEN = 4;

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

    private static final String AHEAD =
            "clock_timestamp() + cast(? as double precision) * interval '1 millisecond'";

    /// Another engine's seat.
    record Taken(String holder, Instant since) {}

    /// Waits for the seat, and takes it.
    ///
    /// @throws ProblemException `store.locked`
    static Seat take(
            Connection connection,
            String shard,
            PostgresSettings settings,
            PostgresStore.Standby standby)
            throws SQLException {
        String us = "process " + ProcessHandle.current().pid() + " on " + hostName();
        prepare(connection, shard);
        long end = System.nanoTime() + settings.patience().toNanos();
        Optional<Taken> told = Optional.empty();
        while (true) {
            Optional<Seat> taken = tryTake(connection, shard, us, settings.lease());
            if (taken.isPresent()) {
                return taken.get();
            }
            Optional<Taken> other = look(connection, shard);
            if (System.nanoTime() - end >= 0) {
                throw locked(settings, other);
            }
            if (other.isPresent() && !other.equals(told)) {
                standby.waitsFor(other.get().holder(), other.get().since());
                told = other;
            }
            if (Thread.currentThread().isInterrupted()) {
                throw locked(settings, other);
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
    }

    private static void prepare(Connection connection, String shard) throws SQLException {
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "insert into seats (shard, epoch, holder, taken_at, lease_until)"
                                + " values (?, 0, '', clock_timestamp(), clock_timestamp())"
                                + " on conflict (shard) do nothing")) {
            insert.setString(1, shard);
            insert.executeUpdate();
        }
    }

    /// Its lease has run out by the database's clock, or nobody has it.
    private static Optional<Seat> tryTake(
            Connection connection, String shard, String us, Duration lease) throws SQLException {
        try (PreparedStatement update =
                connection.prepareStatement(
                        "update seats set epoch = epoch + 1, holder = ?, taken_at ="
                                + " clock_timestamp(), lease_until = "
                                + AHEAD
                                + " where shard = ? and lease_until <= clock_timestamp()"
                                + " returning epoch")) {
            update.setString(1, us);
            update.setDouble(2, (double) lease.multipliedBy(TO_OPEN).toMillis());
            update.setString(3, shard);
            try (ResultSet rows = update.executeQuery()) {
                return rows.next()
                        ? Optional.of(new Seat(shard, rows.getLong(1), us, lease))
                        : Optional.empty();
            }
        }
    }

    private static Optional<Taken> look(Connection connection, String shard) throws SQLException {
        try (PreparedStatement select =
                connection.prepareStatement("select holder, taken_at from seats where shard = ?")) {
            select.setString(1, shard);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next()
                        ? Optional.of(
                                new Taken(
                                        rows.getString(1),
                                        rows.getObject(2, OffsetDateTime.class).toInstant()))
                        : Optional.empty();
            }
        }
    }

    /// Checks that the seat is still ours, and holds on to it. Nobody takes it from then on until
    /// the transaction has ended.
    ///
    /// @throws ProblemException `store.fenced`
    void confirm(Connection writer, PostgresSettings database) throws SQLException {
        try (PreparedStatement update =
                writer.prepareStatement(
                        "update seats set lease_until = "
                                + AHEAD
                                + " where shard = ? and epoch = ?")) {
            update.setDouble(1, (double) lease.toMillis());
            update.setString(2, shard);
            update.setLong(3, epoch);
            if (update.executeUpdate() != 1) {
                throw fenced(look(writer, shard), database);
            }
        }
    }

    /// Lets the next one have it at once. No matter where it is not ours any more.
    void release(Connection writer) throws SQLException {
        try (PreparedStatement update =
                writer.prepareStatement(
                        "update seats set lease_until = clock_timestamp() where shard = ? and epoch"
                                + " = ?")) {
            update.setString(1, shard);
            update.setLong(2, epoch);
            if (update.executeUpdate() == 1) {
                LOG.info("let go of the seat {} (epoch {})", shard, epoch);
            }
        }
    }

    private static ProblemException locked(PostgresSettings settings, Optional<Taken> other) {
        return ProblemException.of(
                "store.locked",
                "the store in "
                        + settings
                        + " is in use by "
                        + other.map(Seat::words).orElse("another engine"),
                "stop that engine, or wait: `formwork serve` stands by until it is gone");
    }

    private static ProblemException fenced(Optional<Taken> other, PostgresSettings database) {
        return ProblemException.of(
                "store.fenced",
                "another engine has taken over the store in "
                        + database
                        + ": "
                        + other.map(Seat::words).orElse("an unknown one"),
                "the other one goes on, and nothing is lost; restart this engine to have it stand"
                        + " by");
    }

    private static String words(Taken other) {
        return other.holder() + " since " + other.since();
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            return "an unknown host";
        }
    }
}
