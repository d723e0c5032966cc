package dev.formwork.cli.image;

import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.image.Locker;
import dev.formwork.image.lock.Manifest;
import dev.formwork.model.ProblemException;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/// `formwork image lock`.
@Command(
        name = "lock",
        description =
                "Writes the list of packages that an image is built of: the newest that this machine's"
                        + " package sources have.")
final class ImageLockCommand implements Callable<Integer> {
    private final Session session;

    @Option(
            names = "--arch",
            paramLabel = "ARCH",
            defaultValue = "amd64",
            description = "Of the machines (default: ${DEFAULT-VALUE}).")
    private String architecture = "amd64";

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "image-manifest.yaml",
            description = "The manifest (default: ${DEFAULT-VALUE}); `build --manifest` takes it.")
    private Path out = Path.of("");

    ImageLockCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Manifest manifest = Locker.lock(architecture);
        Path file = session.resolve(out);
        try {
            Files.writeString(file, manifest.text());
        } catch (IOException e) {
            throw ProblemException.of(
                    "image.io", file + " could not be written: " + e.getMessage(), null);
        }
        session.print("Locked %d packages in %s.".formatted(manifest.packages().size(), file));
        return ExitCode.OK;
    }
}
