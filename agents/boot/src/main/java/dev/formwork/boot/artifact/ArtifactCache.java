package dev.formwork.boot.artifact;

import dev.formwork.boot.content.Content;
import dev.formwork.boot.content.ContentSource;
import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/// Artifacts by digest, in a directory. A file there is whole and right: it got its name after its
/// digest was checked and it was on the disk. Serves them as `sha256/DIGEST`.
///
/// Safe for several threads; several that want one artifact fetch it once. One process at a time.
public final class ArtifactCache implements ContentSource {
    private static final Logger LOG = LoggerFactory.getLogger(ArtifactCache.class);
    private static final String PREFIX = "sha256/";
    private static final String PART = ".part";

    private static final Duration ABANDONED = Duration.ofDays(1);

    private final Path folder;
    private final long most;
    private final Fetcher fetcher;
    private final Map<String, CompletableFuture<Path>> fetching = new ConcurrentHashMap<>();

    /// @param most octets that all artifacts may have together, those being fetched included
    /// @throws ProblemException `artifact.cache-io`
    public ArtifactCache(Path folder, long most, Destinations destinations) {
        this.folder = folder;
        this.most = most;
        this.fetcher = new Fetcher(destinations);
        try {
            Files.createDirectories(folder);
            try (Stream<Path> files = Files.list(folder)) {
                for (Path part : files.filter(each -> each.toString().endsWith(PART)).toList()) {
                    deleteIfAbandoned(part);
                }
            }
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /// Of a process that was killed; what is new may be another one's.
    private static void deleteIfAbandoned(Path part) throws IOException {
        try {
            Instant changed = Files.getLastModifiedTime(part).toInstant();
            if (changed.plus(ABANDONED).isBefore(Clock.systemUTC().instant())) {
                Files.delete(part);
            }
        } catch (NoSuchFileException _) {
            // The other one has it whole by now.
        }
    }

    /// The path under which an artifact is served.
    public static String path(Artifact artifact) {
        return PREFIX + artifact.sha256();
    }

    /// The file of an artifact, if it was fetched or imported.
    public Optional<Path> file(String sha256) {
        Artifact.requireDigest(sha256);
        Path file = folder.resolve(sha256);
        return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
    }

    /// Fetches an artifact, unless it is there; returns its file.
    ///
    /// @throws ProblemException `artifact.wrong-digest`, `artifact.cache-full`,
    ///   `artifact.cache-io`, and what [Fetcher#open] throws
    public Path fetch(Artifact artifact) {
        Optional<Path> there = file(artifact.sha256());
        if (there.isPresent()) {
            return there.get();
        }
        CompletableFuture<Path> mine = new CompletableFuture<>();
        @Nullable CompletableFuture<Path> other = fetching.putIfAbsent(artifact.sha256(), mine);
        if (other != null) {
            return join(other);
        }
        try {
            // Another thread may have ended between our look and our turn.
            Path file =
                    file(artifact.sha256())
                            .orElseGet(() -> add(artifact, fetcher.open(artifact.url())));
            mine.complete(file);
            return file;
        } catch (RuntimeException e) {
            mine.completeExceptionally(e);
            throw e;
        } finally {
            fetching.remove(artifact.sha256(), mine);
        }
    }

    /// Which artifacts there are, in order.
    ///
    /// @throws ProblemException `artifact.cache-io`
    public List<String> digests() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("[0-9a-f]{64}"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw failed(e);
        }
    }

    /// Takes a file that somebody brought, whatever it is; returns its digest.
    ///
    /// @throws ProblemException `artifact.unreadable`, and as [#fetch] does
    public String add(Path source) {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[1 << 16];
        try (InputStream input = Files.newInputStream(source)) {
            for (int read = input.read(buffer); read >= 0; read = input.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        } catch (IOException e) {
            throw new ProblemException(
                    List.of(
                            Problem.of(
                                    "artifact.unreadable",
                                    source + " cannot be read: " + e,
                                    "give a file")),
                    e);
        }
        String sha256 = HexFormat.of().formatHex(digest.digest());
        put(source, sha256);
        return sha256;
    }

    /// Takes a file that somebody brought, for a site without a way to the internet.
    ///
    /// @throws ProblemException as [#fetch] does
    public Path put(Path source, String sha256) {
        Optional<Path> there = file(sha256);
        if (there.isPresent()) {
            return there.get();
        }
        try {
            return add(new Artifact(source.toUri(), sha256), Files.newInputStream(source));
        } catch (IOException e) {
            throw failed(e);
        }
    }

    @Override
    public Optional<Content> find(Asked asked) {
        return asked.path().matches("sha256/[0-9a-f]{64}")
                ? file(asked.path().substring(PREFIX.length())).map(Content.Stored::new)
                : Optional.empty();
    }

    private Path add(Artifact artifact, InputStream content) {
        @Nullable Path part = null;
        try (InputStream input = content) {
            part = Files.createTempFile(folder, artifact.sha256(), PART);
            String digest = copy(artifact, input, part, most - size());
            if (!digest.equals(artifact.sha256())) {
                throw ProblemException.of(
                        "artifact.wrong-digest",
                        Names.abbreviate(artifact.url().toString())
                                + " has the digest "
                                + digest
                                + ", not "
                                + artifact.sha256(),
                        "it was changed there, or the boot environment names another version");
            }
            Path file = folder.resolve(artifact.sha256());
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            part = null;
            try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
                names.force(true);
            }
            return file;
        } catch (IOException e) {
            throw failed(e);
        } finally {
            remove(part);
        }
    }

    private static String copy(Artifact artifact, InputStream input, Path to, long most)
            throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[1 << 16];
        long size = 0;
        try (FileChannel channel = FileChannel.open(to, StandardOpenOption.WRITE);
                OutputStream output = Channels.newOutputStream(channel)) {
            for (int read = read(artifact, input, buffer);
                    read >= 0;
                    read = read(artifact, input, buffer)) {
                size += read;
                if (size > most) {
                    throw ProblemException.of(
                            "artifact.cache-full",
                            "the artifacts would have more octets than they may",
                            "give the cache more room, or remove what no boot environment names");
                }
                digest.update(buffer, 0, read);
                output.write(buffer, 0, read);
            }
            channel.force(true);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /// A source that breaks is another matter than our own disk.
    private static int read(Artifact artifact, InputStream input, byte[] buffer) {
        try {
            return input.read(buffer);
        } catch (IOException e) {
            throw Fetcher.unreachable(artifact.url(), e.toString(), e);
        }
    }

    private long size() throws IOException {
        long size = 0;
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                size += size(file);
            }
        }
        return size;
    }

    private static long size(Path file) throws IOException {
        try {
            return Files.size(file);
        } catch (NoSuchFileException gone) {
            // Another one that is being fetched has its name by now, or was of no use. No look
            // before could rule that out.
            return 0;
        }
    }

    private static void remove(@Nullable Path part) {
        try {
            if (part != null) {
                Files.deleteIfExists(part);
            }
        } catch (IOException e) {
            LOG.warn("{} stays until the next start: {}", part, e.toString());
        }
    }

    private static Path join(CompletableFuture<Path> other) {
        try {
            return other.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof ProblemException problem) {
                throw problem;
            }
            throw e;
        }
    }

    private ProblemException failed(IOException cause) {
        return new ProblemException(
                List.of(
                        Problem.of(
                                "artifact.cache-io",
                                "the cache of artifacts " + folder + " cannot be used: " + cause)),
                cause);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
