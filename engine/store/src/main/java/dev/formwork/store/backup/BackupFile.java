package dev.formwork.store.backup;

import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import java.io.BufferedReader;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPInputStream;

/// A backup in a file, as [BackupWriter] writes it.
public final class BackupFile {
    static final String MAGIC = "formwork backup 1\n";

    /// What every version of the format begins with.
    private static final String KIND = "formwork backup ";

    /// A line break, a SHA-256 in hex, and another.
    private static final int TRAILER = 66;

    private static final JsonMapper MAPPER =
            JsonMapper.builder(
                            JsonFactory.builder()
                                    .streamReadConstraints(
                                            StreamReadConstraints.builder()
                                                    .maxStringLength(Integer.MAX_VALUE)
                                                    .build())
                                    .build())
                    .build();

    private final Path file;
    private final BackupHeader header;

    private BackupFile(Path file, BackupHeader header) {
        this.file = file;
        this.header = header;
    }

    /// Takes what a backup holds.
    public interface Reader {
        void table(String name, List<String> columns);

        /// @param values for each column a text, a number, a truth or null; bytes as base64
        void row(JsonNode values);
    }

    public BackupHeader header() {
        return header;
    }

    /// Reads all of the file once, to see that it is whole.
    ///
    /// @throws ProblemException `backup.unreadable`, `backup.foreign`, `backup.newer`,
    ///   `backup.damaged`
    public static BackupFile open(Path file) {
        try {
            long size = Files.size(file);
            try (InputStream in = Files.newInputStream(file)) {
                String first =
                        new String(in.readNBytes(MAGIC.length()), StandardCharsets.ISO_8859_1);
                if (!first.startsWith(KIND)) {
                    throw foreign(file);
                }
                if (!first.equals(MAGIC)) {
                    throw newer(file, "a format of its own");
                }
            }
            requireWhole(file, size);
            try (BufferedReader lines = lines(file)) {
                return new BackupFile(file, header(file, next(file, lines)));
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static void requireWhole(Path file, long size) throws IOException {
        MessageDigest digest = digest();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[1 << 16];
            long left = size - TRAILER;
            while (left > 0) {
                int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
                if (read < 0) {
                    throw damaged(file, "it became shorter while it was read", null);
                }
                digest.update(buffer, 0, read);
                left -= read;
            }
            String said = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
            String is = "\n" + HexFormat.of().formatHex(digest.digest()) + "\n";
            if (size < TRAILER || !said.equals(is)) {
                throw damaged(file, "it is cut short, or was changed", null);
            }
        }
    }

    /// @throws ProblemException `backup.unreadable`, `backup.damaged`
    /// @return how many rows it holds
    public long read(Reader reader) {
        try (BufferedReader lines = lines(file)) {
            next(file, lines);
            long rows = 0;
            while (true) {
                JsonNode line = next(file, lines);
                if (line.isArray()) {
                    reader.row(line);
                    rows++;
                } else if (line.has("table")) {
                    List<String> columns = new ArrayList<>();
                    line.path("columns").valueStream().forEach(it -> columns.add(it.asString()));
                    reader.table(line.path("table").asString(), columns);
                } else if (line.path("rows").asLong(-1) == rows) {
                    return rows;
                } else {
                    throw damaged(file, "it does not hold what it says", null);
                }
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static BackupHeader header(Path file, JsonNode json) {
        try {
            return new BackupHeader(
                    json.path("schema").asString(""),
                    json.path("key").asString(""),
                    json.path("engine").asString(""),
                    json.path("epoch").asLong(0),
                    Instant.parse(json.path("at").asString("")));
        } catch (DateTimeException e) {
            throw damaged(file, "its header is not as it must be", e);
        }
    }

    private static JsonNode next(Path file, BufferedReader lines) throws IOException {
        String line = lines.readLine();
        if (line == null) {
            throw damaged(file, "it has no end", null);
        }
        try {
            return MAPPER.readTree(line);
        } catch (JacksonException e) {
            throw damaged(file, "a line is no JSON", e);
        }
    }

    private static BufferedReader lines(Path file) throws IOException {
        long end = Files.size(file) - TRAILER;
        InputStream in = new Until(Files.newInputStream(file), end);
        in.skipNBytes(MAGIC.length());
        return new BufferedReader(
                new InputStreamReader(new GZIPInputStream(in, 1 << 16), StandardCharsets.UTF_8),
                1 << 16);
    }

    /// Ends before the trailer.
    private static final class Until extends FilterInputStream {
        private long left;

        private Until(InputStream in, long length) {
            super(in);
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left <= 0) {
                return -1;
            }
            int read = super.read(bytes, offset, (int) Math.min(left, length));
            left -= Math.max(0, read);
            return read;
        }

        @Override
        public long skip(long count) throws IOException {
            long skipped = super.skip(Math.min(left, count));
            left -= skipped;
            return skipped;
        }
    }

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    private static ProblemException foreign(Path file) {
        return ProblemException.of(
                "backup.foreign",
                file + " is no backup of Formwork",
                "give a file that `formwork backup` wrote");
    }

    /// @param what that this engine does not know
    public static ProblemException newer(Path file, String what) {
        return ProblemException.of(
                "backup.newer",
                file + " was written by a newer engine: it has " + what,
                "restore it with an engine at least as new as the one that wrote it");
    }

    public static ProblemException damaged(Path file, String how, @Nullable Throwable cause) {
        return of(
                Problem.of(
                        "backup.damaged",
                        file + " is damaged: " + how,
                        "copy it again, or take an older one"),
                cause);
    }

    private static ProblemException unreadable(Path file, IOException e) {
        return of(
                Problem.of(
                        "backup.unreadable",
                        "cannot read the backup " + file + ": " + e,
                        "see that it is there, and readable"),
                e);
    }

    private static ProblemException of(Problem problem, @Nullable Throwable cause) {
        return cause == null
                ? new ProblemException(problem)
                : new ProblemException(Arrays.asList(problem), cause);
    }
}
