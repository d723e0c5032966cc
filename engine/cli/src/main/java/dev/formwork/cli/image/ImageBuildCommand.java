package dev.formwork.cli.image;

import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.image.Image;
import dev.formwork.image.ImageBuilder;
import dev.formwork.image.ImageRequest;
import dev.formwork.image.Locker;
import dev.formwork.image.lock.Manifest;
import dev.formwork.model.value.Value;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/// `formwork image build`.
@Command(
        name = "build",
        description =
                "Builds the container OS: a kernel and an initrd. The same manifest gives the same"
                        + " bytes.")
final class ImageBuildCommand implements Callable<Integer> {
    private final Session session;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where to (default: image, in the data directory).")
    private Optional<Path> out = Optional.empty();

    @Option(
            names = "--arch",
            paramLabel = "ARCH",
            defaultValue = "amd64",
            description = "Of the machines (default: ${DEFAULT-VALUE}).")
    private String architecture = "amd64";

    @Option(
            names = "--drivers",
            paramLabel = "SET",
            split = ",",
            defaultValue = "cloud,server",
            description = "Sets of drivers, with commas between (default: ${DEFAULT-VALUE}).")
    private List<String> drivers = List.of();

    @Option(
            names = "--with",
            paramLabel = "OPTION",
            split = ",",
            description = "What else is in it: ssh, ignition, with commas between.")
    private List<String> options = List.of();

    @Option(
            names = "--manifest",
            paramLabel = "FILE",
            description = "Made by `formwork image lock` (default: the program's own).")
    private Optional<Path> manifest = Optional.empty();

    ImageBuildCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws IOException {
        Manifest locked =
                manifest.map(file -> Manifest.read(session.resolve(file)))
                        .orElseGet(() -> Locker.standard(architecture));
        Path data = session.dataDirectory();
        Image image =
                new ImageBuilder(locked, this::progress)
                        .build(
                                new ImageRequest(
                                        drivers,
                                        options,
                                        new StandardImage(session).agentJars(),
                                        StandardImage.java(),
                                        data.resolve("packages"),
                                        out.map(session::resolve).orElse(data.resolve("image"))));
        if (!session.document(
                Value.of(
                        Map.of(
                                "kernel", Value.of(image.kernel().toString()),
                                "kernel_sha256", Value.of(image.kernelDigest()),
                                "initrd", Value.of(image.initrd().toString()),
                                "initrd_sha256", Value.of(image.initrdDigest()),
                                "kernel_version", Value.of(image.kernelVersion()),
                                "bytes", Value.of(image.size()))))) {
            session.print(image.kernelDigest() + "  " + image.kernel());
            session.print(image.initrdDigest() + "  " + image.initrd());
            session.print(
                    "Linux %s, %.1f MB to transfer."
                            .formatted(image.kernelVersion(), image.size() / 1e6));
        }
        return ExitCode.OK;
    }

    private void progress(String words) {
        session.err().println(words + " ...");
        session.err().flush();
    }
}
