package dev.formwork.agent.container;

import dev.formwork.agent.container.ImageJson.Descriptor;
import dev.formwork.agent.runner.RunnerException;
import dev.formwork.agent.transport.UnwantedException;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The parts of an image by their digest, in a folder. What is in it has the digest that it is
/// called by.
final class Blobs {
    private static final int LARGEST_DOCUMENT = 4 << 20;

    private final Path folder;

    Blobs(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    /// Writes a blob.
    interface Writer {
        void writeTo(OutputStream out) throws IOException, RunnerException, UnwantedException;
    }

    boolean has(String digest) throws RunnerException {
        return Files.exists(place(digest));
    }

    /// Takes a blob in.
    ///
    /// @throws RunnerException `agent.image-digest` where it is another
    void put(String digest, Writer writer) throws IOException, RunnerException, UnwantedException {
        Path place = place(digest);
        Path part = folder.resolve("part");
        String found;
        try (OutputStream file = Files.newOutputStream(part);
                DigestOutputStream out = new DigestOutputStream(file, sha256())) {
            writer.writeTo(out);
            found = hex(out.getMessageDigest());
        }
        requireSame(digest, "sha256:" + found);
        Files.move(part, place, StandardCopyOption.ATOMIC_MOVE);
    }

    /// A manifest, an index or a configuration.
    byte[] document(Descriptor of) throws IOException, RunnerException {
        try (InputStream in = open(of)) {
            byte[] bytes = in.readNBytes(LARGEST_DOCUMENT + 1);
            if (bytes.length > LARGEST_DOCUMENT) {
                throw invalid("a document of it is too large");
            }
            return bytes;
        }
    }

    /// @throws RunnerException `agent.image-invalid` where it is not there
    InputStream open(Descriptor of) throws IOException, RunnerException {
        Path file = place(digest(of));
        if (!Files.exists(file)) {
            throw invalid("it lacks " + of.digest());
        }
        return Files.newInputStream(file);
    }

    /// Makes room. It may not have been there.
    void drop(Descriptor blob) throws IOException, RunnerException {
        Files.deleteIfExists(place(digest(blob)));
    }

    /// The digest of what a document points to.
    static String digest(Descriptor of) throws RunnerException {
        String digest = of.digest();
        if (digest == null || !digest.matches("sha256:[0-9a-f]{64}")) {
            throw invalid("a part of it has no digest of SHA-256");
        }
        return digest;
    }

    static void requireSame(String wanted, String found) throws RunnerException {
        if (!wanted.equals(found)) {
            throw new RunnerException(
                    "agent.image-digest", "what came is " + found + " and not " + wanted);
        }
    }

    static String digestOf(byte[] bytes) {
        return "sha256:" + HexFormat.of().formatHex(sha256().digest(bytes));
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }

    static RunnerException invalid(String what) {
        return new RunnerException("agent.image-invalid", "the image can't be used: " + what);
    }

    private Path place(String digest) throws RunnerException {
        if (!digest.matches("sha256:[0-9a-f]{64}")) {
            throw invalid("a part of it has no digest of SHA-256");
        }
        return folder.resolve(digest.substring("sha256:".length()));
    }
}
