package dev.formwork.store;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;

/// Stores as engines of some time ago left them. Their rows are in `earlier/`, in the lines of a
/// backup: [Samples] of that time, in the tables of that version, and documents as they were then.
/// Engines of any later time read them; so none of these files is ever changed. One is added with
/// each new version of the tables, and when a document gets a field.
final class EarlierStore {
    private EarlierStore() {}

    /// @param version of the tables
    static Path backup(String version, Path folder) throws IOException {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes("formwork backup 1\n".getBytes(StandardCharsets.US_ASCII));
        try (GZIPOutputStream lines = new GZIPOutputStream(file)) {
            lines.write(
                    lines(version)
                            .replaceFirst("\"key\":\"\"", "\"key\":\"" + key() + "\"")
                            .getBytes(StandardCharsets.UTF_8));
        }
        String digest = HexFormat.of().formatHex(sha256().digest(file.toByteArray()));
        file.writeBytes(("\n" + digest + "\n").getBytes(StandardCharsets.US_ASCII));
        return Files.write(folder.resolve("earlier-" + version), file.toByteArray());
    }

    private static String key() {
        return PowerLoss.SEALER.keyId();
    }

    private static String lines(String version) throws IOException {
        try (InputStream in =
                EarlierStore.class.getResourceAsStream("earlier/" + version + ".jsonl")) {
            return new String(
                    Objects.requireNonNull(in, version).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
