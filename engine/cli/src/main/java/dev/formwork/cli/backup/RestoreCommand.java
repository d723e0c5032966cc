package dev.formwork.cli.backup;

import dev.formwork.cli.serve.DatabaseOptions;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.server.home.DataDirectory;
import dev.formwork.server.log.EngineLog;
import dev.formwork.store.PostgresSettings;
import dev.formwork.store.Restore;
import dev.formwork.store.secret.SecretSealer;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/// `formwork restore`.
@Command(
        name = "restore",
        description =
                "Puts a backup into an empty data directory, or an empty database. What the engine"
                        + " before still does is refused from then on; see that it is stopped.")
public final class RestoreCommand implements Callable<Integer> {
    private static final String KEY = "engine.key";

    private final Session session;

    @Parameters(index = "0", paramLabel = "FILE", description = "That `formwork backup` wrote.")
    private Path file = Path.of("");

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description =
                    "The engine.key of the engine that the backup was made of; copied into the data"
                            + " directory. Not needed where it is there already.")
    private Optional<Path> key = Optional.empty();

    @Mixin private final DatabaseOptions database = new DatabaseOptions();

    public RestoreCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Optional<PostgresSettings> place = database.settings(session);
        Path from = session.resolve(file);
        Path given =
                key.map(session::resolve).orElseGet(() -> session.dataDirectory().resolve(KEY));
        if (!Files.isRegularFile(given)) {
            throw ProblemException.of(
                    "backup.no-key",
                    "there is no key " + given,
                    "give the engine.key of the engine that the backup was made of, with --key");
        }
        Restore restore = Restore.of(from, SecretSealer.fromFile(given), Clock.systemUTC());
        DataDirectory data = DataDirectory.open(session.dataDirectory());
        EngineLog.writeTo(data.root(), false);
        keep(given, data.file(KEY));
        Restore.Restored restored =
                place.map(restore::into).orElseGet(() -> restore.into(data.file("store")));
        tell(restored, data);
        return ExitCode.OK;
    }

    private static void keep(Path given, Path kept) {
        try {
            if (Files.notExists(kept)) {
                Files.createFile(
                        kept,
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")));
                Files.write(kept, Files.readAllBytes(given));
            } else if (!Arrays.equals(Files.readAllBytes(kept), Files.readAllBytes(given))) {
                throw ProblemException.of(
                        "backup.wrong-key",
                        kept + " is another key than " + given,
                        "name a data directory that no engine has used, with --data-dir");
            }
        } catch (IOException e) {
            throw new ProblemException(
                    List.of(
                            Problem.of(
                                    "store.unreadable",
                                    "the key cannot be copied to " + kept + ": " + e,
                                    "the engine's user must own the directory")),
                    e);
        }
    }

    private void tell(Restore.Restored restored, DataDirectory data) {
        if (session.document(
                Value.of(
                        Map.of(
                                "rows", Value.of(restored.rows()),
                                "engine", Value.of(restored.backup().engine()),
                                "at", Value.of(restored.backup().at().toString()),
                                "epoch", Value.of(restored.epoch().number()))))) {
            return;
        }
        session.print(
                "Restored engine %s as of %s: %d rows, in epoch %d."
                        .formatted(
                                restored.backup().engine(),
                                restored.backup().at(),
                                restored.rows(),
                                restored.epoch().number()));
        session.print(
                "Start it with `formwork serve` on this data directory, "
                        + data.root()
                        + ", at the address where its agents look for it. Open runs go on; what may"
                        + " not happen twice asks (`formwork status`).");
    }
}
