package dev.formwork.system;

import dev.formwork.postgres.PostgresServer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A PostgreSQL that engines share, each of them a `formwork serve --database` with a data
/// directory of its own.
final class OneStore implements AutoCloseable {
    private final Path folder;
    private final PostgresServer postgres;
    private Optional<Path> first = Optional.empty();

    /// @param folder in which the engines run, and have their data directories
    OneStore(Path folder) throws IOException {
        this.folder = folder;
        this.postgres = PostgresServer.quick();
        postgres.createDatabase("plans");
        Path password = Files.writeString(password(), PostgresServer.PASSWORD + "\n");
        Files.setPosixFilePermissions(password, PosixFilePermissions.fromString("rw-------"));
    }

    private Path password() {
        return folder.resolve("password");
    }

    Path data(String engine) {
        return folder.resolve(engine);
    }

    /// Starts an engine, and returns when it is ready.
    ///
    /// @param engine the name of its data directory
    CliProcess serve(String engine, String... more) throws IOException {
        if (first.isPresent()) {
            join(data(engine), first.get());
        } else {
            first = Optional.of(data(engine));
        }
        List<String> arguments = new ArrayList<>(List.of("serve", "--port", "0"));
        arguments.addAll(List.of(more));
        arguments.addAll(
                List.of(
                        "--database",
                        "postgresql://%s@127.0.0.1:%d/plans"
                                .formatted(PostgresServer.USER, postgres.port()),
                        "--database-password-file",
                        password().toString()));
        CliProcess process =
                CliProcess.start(data(engine), folder, arguments.toArray(String[]::new));
        process.awaitOutput("is ready");
        return process;
    }

    /// Engines on one database have one key and one token.
    private static void join(Path data, Path first) throws IOException {
        Files.createDirectory(
                data,
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        for (String file : List.of("engine.key", "api-token")) {
            Files.copy(first.resolve(file), data.resolve(file), StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    @Override
    public void close() {
        postgres.close();
    }
}
