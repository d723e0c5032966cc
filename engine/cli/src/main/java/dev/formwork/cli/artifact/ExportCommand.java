package dev.formwork.cli.artifact;

import dev.formwork.boot.artifact.ArtifactCache;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.model.ProblemException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.Callable;

/// `formwork artifacts export`.
@Command(
        name = "export",
        description =
                "Copies artifacts into a directory, each under its digest, for `artifacts import` at"
                        + " another site.")
final class ExportCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "DIR", description = "Where to; made where it is not.")
    private Path directory = Path.of("");

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "DIGEST",
            description = "Only these (default: all).")
    private List<String> digests = List.of();

    ExportCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        ArtifactCache cache = ArtifactsCommand.cache(session);
        List<String> wanted = digests.isEmpty() ? cache.digests() : digests;
        Path to = session.resolve(directory);
        for (String digest : wanted) {
            Path file =
                    cache.file(digest)
                            .orElseThrow(() ->
                                    ProblemException.of(
                                            "artifact.not-found",
                                            "there is no artifact " + digest,
                                            "`formwork artifacts list` shows what there is"));
            try {
                Files.createDirectories(to);
                Files.copy(file, to.resolve(digest), StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException e) {
                throw ProblemException.of(
                        "cli.unwritable-file", "cannot write into " + to + ": " + e, null);
            }
            session.print(digest);
        }
        return ExitCode.OK;
    }
}
