package dev.formwork.cli.artifact;

import dev.formwork.boot.artifact.ArtifactCache;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/// `formwork artifacts import`.
@Command(
        name = "import",
        description =
                "Takes files in, or all files of a directory, such as `artifacts export` has filled."
                        + " Prints the digest of each: machines fetch it as /sha256/DIGEST.")
final class ImportCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "A file, or a directory.")
    private List<Path> files = List.of();

    ImportCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        ArtifactCache cache = ArtifactsCommand.cache(session);
        Map<String, String> taken = new LinkedHashMap<>();
        for (Path file : files()) {
            taken.put(file.toString(), cache.add(file));
        }
        Map<String, Value> document = new LinkedHashMap<>();
        taken.forEach((file, digest) -> document.put(file, Value.of(digest)));
        if (!session.document(Value.of(document))) {
            taken.forEach((file, digest) -> session.print(digest + "  " + file));
        }
        return ExitCode.OK;
    }

    private List<Path> files() {
        List<Path> all = new ArrayList<>();
        for (Path named : files) {
            Path path = session.resolve(named);
            if (!Files.isDirectory(path)) {
                all.add(path);
                continue;
            }
            try (Stream<Path> inside = Files.list(path)) {
                inside.filter(Files::isRegularFile).sorted().forEach(all::add);
            } catch (IOException e) {
                throw ProblemException.of(
                        "cli.unreadable-file", "cannot list " + path + ": " + e, null);
            }
        }
        return all;
    }
}
