package dev.formwork.store;

import dev.formwork.model.ProblemException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;

/// The right of an engine to write: a row that it renews, and that others delete when they find it
/// run out. All times in it are the database's, so engines need not agree on theirs.
/// docs/decisions/0004 says why it is safe.
///
/// @param engine the name of this start of the engine
/// @param length how long others wait for a sign of life
record Lease(String engine, Duration length) {
    private static final Logger LOG = LoggerFactory.getLogger(Lease.class);

    /// How many lengths an engine has between its start and its first commit.
    private static final int TO_OPEN = 4;

    private static final String AHEAD =
            "clock_timestamp() + cast(? as double precision) * interval '1 millisecond'";

    /// Takes an engine out, and frees what it had.
    static final String END =
            """
            with gone as (delete from engines where engine = ? returning engine)
            update shards set owner = null where owner in (select engine from gone)\
            """;

    /// Enters this engine.
    static Lease take(Connection connection, Duration length) throws SQLException {
        byte[] bits = new byte[8];
        new SecureRandom().nextBytes(bits);
        Lease lease = new Lease("engine-" + HexFormat.of().formatHex(bits), length);
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "insert into engines (engine, holder, lease_until) values (?, ?, "
                                + AHEAD
                                + ")")) {
            insert.setString(1, lease.engine);
            insert.setString(2, "process " + ProcessHandle.current().pid() + " on " + hostName());
            insert.setDouble(3, (double) length.multipliedBy(TO_OPEN).toMillis());
            insert.executeUpdate();
        }
        return lease;
    }

    /// Checks that nobody took this engine for dead, and renews. Nobody does from then on until the
    /// transaction has ended.
    ///
    /// @throws ProblemException `store.fenced`
    void confirm(Connection writer, PostgresSettings database) throws SQLException {
        try (PreparedStatement update =
                writer.prepareStatement(
                        "update engines set lease_until = " + AHEAD + " where engine = ?")) {
            update.setDouble(1, (double) length.toMillis());
            update.setString(2, engine);
            if (update.executeUpdate() != 1) {
                throw ProblemException.of(
                        "store.fenced",
                        "other engines have taken over from this one in "
                                + database
                                + ", as it had said nothing for "
                                + length.toSeconds()
                                + " s",
                        "the others go on, and nothing is lost; restart this engine to have it take"
                                + " part again");
            }
        }
    }

    /// Lets others have what it had at once.
    void end(Connection writer) throws SQLException {
        end(writer, engine);
        LOG.info("{} has left", engine);
    }

    /// Takes out an engine that has certainly ended, and frees its shards: both or neither, or they
    /// would be nobody's for good. A transaction of it that goes on is waited for.
    static void end(Connection connection, String engine) throws SQLException {
        try (PreparedStatement each = connection.prepareStatement(END)) {
            each.setString(1, engine);
            each.executeUpdate();
        }
    }

    /// An engine that is at work, or was a moment ago, in words.
    static Optional<String> living(Connection connection) throws SQLException {
        try (PreparedStatement select =
                        connection.prepareStatement(
                                "select holder from engines where lease_until > clock_timestamp()");
                ResultSet rows = select.executeQuery()) {
            return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
        }
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException _) {
            return "an unknown host";
        }
    }
}
