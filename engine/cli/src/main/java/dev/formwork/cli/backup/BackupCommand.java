package dev.formwork.cli.backup;

import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.store.backup.BackupFile;
import dev.formwork.store.backup.BackupHeader;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;

/// `formwork backup`.
@Command(
        name = "backup",
        description =
                "Writes all that the engine has stored to a file, while it runs. Secrets in it stay"
                        + " sealed, and the key is not in it.")
public final class BackupCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "FILE", description = "Where to; must not be there yet.")
    private Path file = Path.of("");

    public BackupCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Path to = session.resolve(file);
        if (Files.exists(to)) {
            throw ProblemException.of(
                    "backup.exists", to + " is there already", "name another file");
        }
        try {
            Path part = to.resolveSibling(to.getFileName() + ".part");
            Files.deleteIfExists(part);
            fetch(part);
            BackupHeader header = BackupFile.open(part).header();
            Files.move(part, to, StandardCopyOption.ATOMIC_MOVE);
            tell(to, header);
            return ExitCode.OK;
        } catch (IOException e) {
            throw new ProblemException(
                    List.of(
                            Problem.of(
                                    "backup.unwritten",
                                    "the backup did not get to " + to + ": " + e.getMessage(),
                                    "see that there is space, and that the engine runs; then make"
                                            + " another")),
                    e);
        }
    }

    /// For the user's eyes only, and on the disk when it is said to be there.
    private void fetch(Path part) throws IOException {
        try (FileChannel channel =
                        FileChannel.open(
                                part,
                                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                                PosixFilePermissions.asFileAttribute(
                                        PosixFilePermissions.fromString("rw-------")));
                OutputStream out = Channels.newOutputStream(channel)) {
            session.client().backup(out);
            channel.force(true);
        }
    }

    private void tell(Path to, BackupHeader header) throws IOException {
        long bytes = Files.size(to);
        if (session.document(
                Value.of(
                        Map.of(
                                "file", Value.of(to.toString()),
                                "bytes", Value.of(bytes),
                                "engine", Value.of(header.engine()),
                                "key", Value.of(header.keyId()),
                                "at", Value.of(header.at().toString()))))) {
            return;
        }
        session.print("Wrote %s: %d bytes, as of %s.".formatted(to, bytes, header.at()));
        session.print(
                "Its secrets are sealed under the key %s, which is not in it: keep a copy of the"
                                .formatted(header.keyId())
                        + " data directory's engine.key, elsewhere. Without it the backup cannot be"
                        + " restored.");
    }
}
