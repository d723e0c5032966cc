package dev.formwork.store.backup;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/// Writes a backup, as it comes: a line that says what it is, then compressed lines of JSON (the
/// header; for each table its name and columns, then its rows; how many rows there were), and at
/// the end the SHA-256 of all that, in hex.
public final class BackupWriter {
    private final DigestOutputStream digested;
    private final GZIPOutputStream lines;
    private final JsonFactory json = new JsonFactory();
    private long rows;

    /// @param out not closed
    public BackupWriter(OutputStream out, BackupHeader header) throws IOException {
        this.digested = new DigestOutputStream(out, BackupFile.digest());
        digested.write(BackupFile.MAGIC.getBytes(StandardCharsets.US_ASCII));
        this.lines = new GZIPOutputStream(digested, 1 << 16);
        try (JsonGenerator line = line()) {
            line.writeStartObject();
            line.writeStringProperty("schema", header.schema());
            line.writeStringProperty("key", header.keyId());
            line.writeStringProperty("engine", header.engine());
            line.writeNumberProperty("epoch", header.epoch());
            line.writeStringProperty("at", header.at().toString());
            line.writeEndObject();
        }
        lines.write('\n');
    }

    private JsonGenerator line() {
        JsonGenerator line = json.createGenerator(ObjectWriteContext.empty(), lines);
        line.configure(StreamWriteFeature.AUTO_CLOSE_TARGET, false);
        line.configure(StreamWriteFeature.FLUSH_PASSED_TO_STREAM, false);
        return line;
    }

    /// Rows of this table follow.
    public void table(String name, List<String> columns) throws IOException {
        try (JsonGenerator line = line()) {
            line.writeStartObject();
            line.writeStringProperty("table", name);
            line.writeArrayPropertyStart("columns");
            columns.forEach(line::writeString);
            line.writeEndArray();
            line.writeEndObject();
        }
        lines.write('\n');
    }

    /// @param values texts, whole numbers, truths, bytes and nulls
    public void row(List<@Nullable Object> values) throws IOException {
        try (JsonGenerator line = line()) {
            line.writeStartArray();
            for (Object value : values) {
                switch (value) {
                    case null -> line.writeNull();
                    case Long number -> line.writeNumber(number);
                    case Boolean truth -> line.writeBoolean(truth);
                    case byte[] bytes -> line.writeBinary(bytes);
                    default -> line.writeString(value.toString());
                }
            }
            line.writeEndArray();
        }
        lines.write('\n');
        rows++;
    }

    /// All is written; what does not end like this is no backup.
    public void end() throws IOException {
        try (JsonGenerator line = line()) {
            line.writeStartObject();
            line.writeNumberProperty("rows", rows);
            line.writeEndObject();
        }
        lines.write('\n');
        lines.finish();
        digested.on(false);
        String hex = HexFormat.of().formatHex(digested.getMessageDigest().digest());
        digested.write(("\n" + hex + "\n").getBytes(StandardCharsets.US_ASCII));
        digested.flush();
    }
}
