package dev.formwork.cli.serve;

import dev.formwork.cli.session.Session;
import dev.formwork.model.ProblemException;
import dev.formwork.store.PostgresSettings;

import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// Where the engine keeps its state. The password never comes on the command line, which everybody
/// on the host can read.
public final class DatabaseOptions {
    private static final String PASSWORD_VARIABLE = "PGPASSWORD";
    private static final Set<PosixFilePermission> OWNER =
            EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);

    @Option(
            names = "--database",
            paramLabel = "URL",
            description =
                    "postgresql://USER@HOST:PORT/DATABASE instead of a file in the data directory;"
                            + " any number of engines share one. The password comes by $PGPASSWORD or"
                            + " from a file.")
    Optional<String> url = Optional.empty();

    @Option(
            names = "--database-password-file",
            paramLabel = "FILE",
            description = "The database's password, in a file that only its owner may read.")
    Optional<Path> passwordFile = Optional.empty();

    /// @throws ProblemException `store.bad-url`, `cli.unreadable-file`, `server.secret-readable`
    public Optional<PostgresSettings> settings(Session session) {
        return url.map(PostgresSettings::parse)
                .map(settings -> password(session).map(settings::withPassword).orElse(settings));
    }

    private Optional<String> password(Session session) {
        return passwordFile.isPresent()
                ? passwordFile.map(file -> read(session.resolve(file)))
                : Optional.ofNullable(session.environment().get(PASSWORD_VARIABLE));
    }

    /// One line.
    private static String read(Path file) {
        try {
            if (!OWNER.containsAll(Files.getPosixFilePermissions(file))) {
                throw ProblemException.of(
                        "server.secret-readable",
                        "others than its owner may use " + file,
                        "chmod 600 " + file);
            }
            return Files.readString(file).lines().findFirst().orElse("");
        } catch (IOException e) {
            throw ProblemException.of(
                    "cli.unreadable-file",
                    "cannot read the database's password from " + file + ": " + e,
                    null);
        }
    }
}
