package dev.formwork.store;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.store.backup.BackupFile;
import dev.formwork.store.backup.BackupHeader;
import dev.formwork.store.disk.Directories;
import dev.formwork.store.json.Records;
import dev.formwork.store.secret.SecretSealer;
import dev.formwork.workflow.run.Epoch;

import org.jspecify.annotations.Nullable;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Puts a backup into a store that is empty, on either database, whichever it came from: all of it
/// or nothing. It raises the engine's epoch: whatever the engine before gave out after the backup
/// was made is refused from then on.
public final class Restore {
    /// So far above the last event that no client has seen one of these numbers.
    private static final long EVENTS_AHEAD = 1_000_000;

    private static final int BATCH = 500;

    private final BackupFile backup;
    private final Path file;
    private final SecretSealer sealer;
    private final Clock clock;

    private Restore(BackupFile backup, Path file, SecretSealer sealer, Clock clock) {
        this.backup = backup;
        this.file = file;
        this.sealer = sealer;
        this.clock = clock;
    }

    /// What came of it.
    ///
    /// @param epoch that the engine goes on in
    public record Restored(BackupHeader backup, long rows, Epoch epoch) {}

    /// Reads the file once, and sees whether the key fits.
    ///
    /// @throws ProblemException `backup.*`
    public static Restore of(Path file, SecretSealer sealer, Clock clock) {
        BackupFile backup = BackupFile.open(file);
        if (!backup.header().keyId().equals(sealer.keyId())) {
            throw ProblemException.of(
                    "backup.wrong-key",
                    "the secrets of "
                            + file
                            + " are sealed under the key "
                            + backup.header().keyId()
                            + ", and the key given is "
                            + sealer.keyId(),
                    "give the engine.key of the engine that the backup was made of, with --key");
        }
        return new Restore(backup, file, sealer, clock);
    }

    /// @param directory of the store; made, and must hold none
    /// @throws ProblemException `backup.not-empty`, `backup.newer`, `backup.damaged`, `store.*`
    public Restored into(Path directory) {
        if (Files.exists(directory)) {
            throw notEmpty("there is a store in " + directory, "name another data directory");
        }
        Path unfinished = directory.resolveSibling(directory.getFileName() + ".restoring");
        try {
            Directories.delete(unfinished);
            Files.createDirectories(unfinished);
            H2Database database =
                    H2Database.at(unfinished.toAbsolutePath().resolve("formwork").toString());
            Restored restored;
            database.migrate(Optional.of(backup.header().schema()));
            try (Connection connection = database.connect()) {
                requireKnown(Dialect.H2.isNewer(database.source(), backup.header().schema()));
                restored = fill(connection, Dialect.H2, database);
                database.shutDown(connection);
            }
            Directories.force(unfinished);
            Files.move(unfinished, directory);
            Directories.force(directory.toAbsolutePath().resolveSibling("."));
            return restored;
        } catch (IOException | SQLException | RuntimeException e) {
            throw failure(e, "the store in " + directory);
        }
    }

    /// @throws ProblemException as [#into(Path)]
    public Restored into(PostgresSettings settings) {
        PostgresDatabase database = new PostgresDatabase(settings);
        try (Connection connection = database.connect()) {
            requireEmpty(connection, settings);
            database.migrate(Optional.of(backup.header().schema()));
            requireKnown(Dialect.POSTGRESQL.isNewer(database.source(), backup.header().schema()));
            return fill(connection, Dialect.POSTGRESQL, null);
        } catch (SQLException | RuntimeException e) {
            throw e instanceof ProblemException problem ? problem : database.failure(e);
        }
    }

    private void requireKnown(boolean newer) {
        if (newer) {
            throw BackupFile.newer(file, "tables in version " + backup.header().schema());
        }
    }

    private static void requireEmpty(Connection connection, PostgresSettings settings)
            throws SQLException {
        for (String table : TableRows.names(connection)) {
            try (Statement statement = connection.createStatement();
                    ResultSet rows =
                            statement.executeQuery(
                                    "select 1 from " + table + " fetch first 1 rows only")) {
                if (rows.next()) {
                    throw notEmpty(
                            "the table " + table + " of " + settings + " is not empty",
                            "give a database that no engine has used");
                }
            }
        }
    }

    private static ProblemException notEmpty(String what, String hint) {
        return ProblemException.of("backup.not-empty", "a backup replaces nothing: " + what, hint);
    }

    /// @param forced where groups of rows are forced to the disk; else all is one transaction
    private Restored fill(Connection connection, Dialect dialect, @Nullable H2Database forced)
            throws SQLException {
        connection.setAutoCommit(false);
        if (forced == null) {
            holdSettings(connection);
        }
        Filling filling = new Filling(connection, dialect, forced);
        long rows;
        try {
            rows = backup.read(filling);
        } catch (Unwritten e) {
            throw e.cause;
        }
        filling.flush();
        Epoch epoch = new Epoch(backup.header().epoch()).next();
        begin(connection, epoch, forced == null);
        connection.commit();
        if (forced != null) {
            forced.force(connection);
        }
        return new Restored(backup.header(), rows, epoch);
    }

    /// An engine that starts meanwhile puts this row first, and waits for who is just putting it,
    /// also where it is to come out of the backup instead.
    private static void holdSettings(Connection connection) throws SQLException {
        String key = "'" + SqlStore.KEY_CHECK + "'";
        try (Statement statement = connection.createStatement()) {
            int held =
                    statement.executeUpdate(
                            "insert into settings (name, setting) values ("
                                    + key
                                    + ", '') on conflict (name) do nothing");
            if (held != 1) {
                throw notEmpty(
                        "an engine has begun to use the database", "give one that none uses");
            }
            statement.executeUpdate("delete from settings where name = " + key);
        }
    }

    /// @param shared several engines count the events in a row
    private void begin(Connection connection, Epoch epoch, boolean shared) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("delete from settings where name = '" + Epoch.SETTING + "'");
        }
        try (PreparedStatement insert =
                connection.prepareStatement("insert into settings (name, setting) values (?, ?)")) {
            insert.setString(1, Epoch.SETTING);
            insert.setString(2, Long.toString(epoch.number()));
            insert.executeUpdate();
        }
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "insert into events (event_id, happened_at, type, run_id, subject, data)"
                                + " select coalesce(max(event_id), 0) + "
                                + EVENTS_AHEAD
                                + ", ?, 'engine.restored', null, ?, ? from events")) {
            insert.setObject(1, Columns.time(clock.instant()));
            insert.setString(2, backup.header().engine());
            insert.setString(
                    3,
                    new Records(sealer)
                            .writeData(
                                    Value.of(
                                            Map.of(
                                                    "backup_at",
                                                    Value.of(backup.header().at().toString()),
                                                    "epoch",
                                                    Value.of(epoch.number())))));
            insert.executeUpdate();
        }
        // Tables of before there was that row get it with the sum of their events.
        if (shared && PostgresDatabase.hasEngines(connection)) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(
                        "update event_ids set last_id = (select max(event_id) from events)");
            }
        }
    }

    private static ProblemException failure(Exception cause, String place) {
        return cause instanceof ProblemException problem
                ? problem
                : StoreFailure.of(
                        cause,
                        Problem.of(
                                "store.full",
                                "the disk under " + place + " is full",
                                "free some space, and restore again"),
                        place,
                        "look at the disk, and restore again");
    }

    /// Carries what a row could not be written for out of the reading.
    private static final class Unwritten extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient SQLException cause;

        private Unwritten(SQLException cause) {
            super(cause);
            this.cause = cause;
        }
    }

    /// Writes rows as they are read.
    private final class Filling implements BackupFile.Reader {
        private final Connection connection;
        private final Dialect dialect;
        private final @Nullable H2Database forced;
        private final Set<String> known;
        private List<TableRows.Kind> kinds = List.of();
        private @Nullable PreparedStatement insert;
        private int waiting;

        private Filling(Connection connection, Dialect dialect, @Nullable H2Database forced)
                throws SQLException {
            this.connection = connection;
            this.dialect = dialect;
            this.forced = forced;
            this.known = new HashSet<>(TableRows.names(connection));
        }

        @Override
        public void table(String name, List<String> columns) {
            try {
                flush();
                if (!known.contains(name)) {
                    throw BackupFile.newer(file, "a table " + name);
                }
                List<TableRows.Column> there = TableRows.columns(connection, name);
                List<TableRows.Kind> found = new ArrayList<>();
                for (String column : columns) {
                    found.add(
                            there.stream()
                                    .filter(each -> each.name().equals(column))
                                    .findFirst()
                                    .orElseThrow(() -> BackupFile.newer(file, "a column " + column))
                                    .kind());
                }
                kinds = found;
                insert = TableRows.inserting(connection, name, columns);
            } catch (SQLException e) {
                throw new Unwritten(e);
            }
        }

        @Override
        public void row(JsonNode values) {
            PreparedStatement into = insert;
            if (into == null || values.size() != kinds.size()) {
                throw BackupFile.damaged(file, "a row is not of its table", null);
            }
            try {
                for (int i = 0; i < kinds.size(); i++) {
                    into.setObject(
                            i + 1, dialect.parameter(TableRows.value(values.get(i), kinds.get(i))));
                }
                into.addBatch();
                if (++waiting % BATCH == 0) {
                    into.executeBatch();
                }
                if (forced != null && waiting % (BATCH * 20) == 0) {
                    connection.commit();
                    forced.force(connection);
                }
            } catch (SQLException e) {
                throw new Unwritten(e);
            }
        }

        private void flush() throws SQLException {
            PreparedStatement done = insert;
            if (done != null) {
                done.executeBatch();
                done.close();
                insert = null;
            }
        }
    }
}
