package dev.formwork.agent.container;

import dev.formwork.agent.container.ImageJson.Config;
import dev.formwork.agent.container.ImageJson.Descriptor;
import dev.formwork.agent.container.ImageJson.Manifest;
import dev.formwork.agent.disk.DurableFile;
import dev.formwork.agent.disk.Folders;
import dev.formwork.agent.pace.Backoff;
import dev.formwork.agent.pace.Signal;
import dev.formwork.agent.protocol.ContainerSpec;
import dev.formwork.agent.protocol.ProtocolJson;
import dev.formwork.agent.runner.RunnerException;
import dev.formwork.agent.transport.UnwantedException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/// Unpacked images by the digest that they were asked for by: fetched once, and kept while there is
/// no more than a few. One that a job has a link to stays. Thread-safe; one is fetched at a time.
final class Images {
    private static final int MOST = 8;
    private static final int TRIES = 5;
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);

    private final Path folder;
    private final ImageLinks links;
    private final ReentrantLock lock = new ReentrantLock();

    /// @param jobs the folder of the jobs' folders
    Images(Path folder, Path jobs) {
        this.folder = folder;
        this.links = new ImageLinks(jobs);
    }

    /// An image, ready to be used.
    ///
    /// @param environment that it brings, `NAME=value`
    record Ready(List<String> environment) {}

    /// Sees to it that there is the image, and a link to it: in it is `root`.
    ///
    /// @throws RunnerException `agent.image-*`
    Ready take(ContainerSpec spec, Path link, BooleanSupplier unwanted)
            throws IOException, RunnerException, UnwantedException, InterruptedException {
        Web web = new Web(unwanted);
        while (!lock.tryLock(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS)) {
            web.refuseUnwanted();
        }
        try {
            DurableFile.createPrivateFolder(folder);
            Path image = image(spec, web, unwanted);
            if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(link, image);
            }
            Files.setLastModifiedTime(image, FileTime.from(Instant.now()));
            Config config =
                    ImageJson.read(Files.readAllBytes(image.resolve("config.json")), Config.class);
            List<String> environment =
                    config.config() == null ? null : config.config().environment();
            return new Ready(environment == null ? List.of() : List.copyOf(environment));
        } finally {
            lock.unlock();
        }
    }

    private Path image(ContainerSpec spec, Web web, BooleanSupplier unwanted)
            throws IOException, RunnerException, UnwantedException, InterruptedException {
        Backoff backoff = Backoff.forEngine(new Random());
        Signal never = new Signal();
        for (int i = 1; true; i++) {
            try {
                return tryOnce(spec, web);
            } catch (FetchException e) {
                if (i == TRIES) {
                    throw new RunnerException(
                            "agent.image-unreachable",
                            "the image could not be fetched: " + e.getMessage());
                }
                Duration wait = backoff.next();
                for (Duration waited = Duration.ZERO;
                        waited.compareTo(wait) < 0 && !unwanted.getAsBoolean();
                        waited = waited.plus(BETWEEN_LOOKS)) {
                    never.await(BETWEEN_LOOKS);
                }
                web.refuseUnwanted();
            }
        }
    }

    private Path tryOnce(ContainerSpec spec, Web web)
            throws IOException, RunnerException, UnwantedException, InterruptedException {
        ContainerSpec.Archive archive = spec.archive();
        if (archive != null) {
            Path image = folder.resolve("archive-" + archive.sha256());
            if (!Files.isDirectory(image)) {
                makeRoom();
                // What is left of another try may be of another archive.
                Path part = folder.resolve("archive.part");
                Folders.delete(part);
                Blobs blobs = new Blobs(part.resolve("blobs"));
                Descriptor found = new ImageArchive(archive, web).fetch(blobs, Target.here());
                unpack(found, blobs, part, image, web);
            }
            return image;
        }
        Registry registry =
                new Registry(
                        ImageReference.parse(String.valueOf(spec.image()), spec.allowTags()), web);
        String digest = registry.resolve();
        Path image = folder.resolve(digest.substring("sha256:".length()));
        if (!Files.isDirectory(image)) {
            makeRoom();
            // What came in another try is there still.
            Path part = folder.resolve("registry.part");
            Blobs blobs = new Blobs(part.resolve("blobs"));
            registry.fetch(digest, blobs, Target.here());
            Descriptor manifest = new Descriptor(null, digest, 0, null);
            List<Descriptor> index =
                    ImageJson.read(blobs.document(manifest), Manifest.class).manifests();
            unpack(
                    index.isEmpty() ? manifest : Target.here().choose(index),
                    blobs,
                    part,
                    image,
                    web);
        }
        return image;
    }

    private void unpack(Descriptor of, Blobs blobs, Path part, Path image, Web web)
            throws IOException, RunnerException, UnwantedException, InterruptedException {
        Path unpacked = folder.resolve("unpacked.part");
        Folders.delete(unpacked);
        Path root = Files.createDirectories(unpacked.resolve("root"));
        try {
            Manifest manifest = ImageJson.read(blobs.document(of), Manifest.class);
            long bytes = 0;
            for (Descriptor each : Target.here().layers(manifest)) {
                try (InputStream layer = blobs.open(each)) {
                    bytes = new Layer(root, web, bytes).unpack(layer);
                }
            }
            Files.write(unpacked.resolve("config.json"), config(manifest.config(), blobs));
            // After a loss of power a folder of this name has to be whole.
            new ProcessBuilder("sync").start().waitFor();
            Files.move(unpacked, image, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Folders.delete(unpacked);
            Folders.delete(part);
        }
    }

    private static byte[] config(@Nullable Descriptor of, Blobs blobs)
            throws IOException, RunnerException {
        Config config =
                of == null ? new Config(null) : ImageJson.read(blobs.document(of), Config.class);
        return ProtocolJson.write(config);
    }

    /// Before one more comes, the one goes that was not used for the longest time.
    private void makeRoom() throws IOException {
        Set<Path> used = links.targets();
        List<Path> images = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder)) {
            for (Path each : all) {
                if (!each.toString().endsWith(".part")) {
                    images.add(each);
                }
            }
        }
        images.sort(Comparator.comparingLong(each -> each.toFile().lastModified()));
        int most = MOST - 1;
        for (Path each : images.subList(0, Math.max(0, images.size() - most))) {
            if (!used.contains(each)) {
                Folders.delete(each);
            }
        }
    }
}
