package dev.formwork.cli.artifact;

import dev.formwork.boot.artifact.ArtifactCache;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.model.value.Value;

import picocli.CommandLine.Command;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/// `formwork artifacts list`.
@Command(name = "list", description = "Lists artifacts with their sizes.")
final class ListCommand implements Callable<Integer> {
    private final Session session;

    ListCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        ArtifactCache cache = ArtifactsCommand.cache(session);
        Map<String, Long> sizes = new LinkedHashMap<>();
        for (String digest : cache.digests()) {
            cache.file(digest)
                    .ifPresent(file -> {
                        try {
                            sizes.put(digest, Files.size(file));
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
        }
        Map<String, Value> document = new LinkedHashMap<>();
        sizes.forEach((digest, size) -> document.put(digest, Value.of(size)));
        if (session.document(Value.of(document))) {
            return ExitCode.OK;
        }
        sizes.forEach((digest, size) -> session.print("%s %,d".formatted(digest, size)));
        if (sizes.isEmpty()) {
            session.print("No artifacts.");
        }
        return ExitCode.OK;
    }
}
