package dev.formwork.bench.database;

import dev.formwork.postgres.PostgresServer;
import dev.formwork.store.H2Store;
import dev.formwork.store.PostgresSettings;
import dev.formwork.store.PostgresStore;
import dev.formwork.store.secret.SecretSealer;
import dev.formwork.workflow.store.Store;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A database that is measured: the same is done in each.
public sealed interface Place {
    /// H2, and PostgreSQL where there is a server.
    ///
    /// @param directory where H2's files go
    static List<Place> all(Path directory, Optional<PostgresServer> server) {
        List<Place> places = new ArrayList<>();
        places.add(new InFiles(directory));
        server.ifPresent(each -> places.add(new OnPostgres(each)));
        return places;
    }

    /// For people, and in the report.
    String name();

    /// A new store.
    ///
    /// @param name no other has it; small letters, digits and `_`
    Store open(String name, SecretSealer sealer);

    /// A new table of bare rows.
    RowRate rows() throws SQLException;

    /// H2 in files.
    record InFiles(Path directory) implements Place {
        @Override
        public String name() {
            return "h2";
        }

        @Override
        public Store open(String name, SecretSealer sealer) {
            return H2Store.open(directory.resolve(name), sealer, Clock.systemUTC());
        }

        @Override
        public RowRate rows() throws SQLException {
            return RowRate.inFiles(directory);
        }
    }

    /// PostgreSQL as it is installed, but for its port: it forces commits to the disk.
    record OnPostgres(PostgresServer server) implements Place {
        @Override
        public String name() {
            return "postgresql";
        }

        /// A new database.
        ///
        /// @return its name
        public String database(String name) {
            server.createDatabase(name);
            return name;
        }

        @Override
        public Store open(String name, SecretSealer sealer) {
            return PostgresStore.open(settings(database(name)), sealer, Optional.empty());
        }

        /// How a database of this server is reached.
        public PostgresSettings settings(String name) {
            return settings(name, server.port());
        }

        /// @param port that leads to the server
        public PostgresSettings settings(String name, int port) {
            return PostgresSettings.parse(
                            "postgresql://%s@127.0.0.1:%d/%s"
                                    .formatted(PostgresServer.USER, port, name))
                    .withPassword(PostgresServer.PASSWORD);
        }

        @Override
        public RowRate rows() throws SQLException {
            return RowRate.onPostgres(server, database("bare"));
        }
    }
}
