package dev.formwork.agent.job;

import dev.formwork.agent.protocol.ProtocolException;
import dev.formwork.agent.protocol.ProtocolJson;

import tools.jackson.databind.JsonNode;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.LinkedHashMap;
import java.util.Map;

/// Reads what a script wrote into `$FORMWORK_OUTPUTS`: plain files only, and none before its size
/// is known to fit.
final class Outputs {
    private final Path folder;
    private final Map<String, JsonNode> schemas;
    private long left;

    private Outputs(Path folder, Map<String, JsonNode> schemas, long limit) {
        this.folder = folder;
        this.schemas = schemas;
        this.left = limit;
    }

    /// The declared outputs. Files with other names are not looked at.
    ///
    /// @param limit bytes of all files together
    /// @param all whether every declared output must be there
    static Map<String, JsonNode> read(
            Path folder, Map<String, JsonNode> schemas, long limit, boolean all)
            throws IOException, JobFailureException {
        return new Outputs(folder, schemas, limit).read(all);
    }

    private Map<String, JsonNode> read(boolean all) throws IOException, JobFailureException {
        Map<String, JsonNode> values = new LinkedHashMap<>();
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new JobFailureException(
                    "agent.output-invalid", "$FORMWORK_OUTPUTS is no longer a directory");
        }
        for (Map.Entry<String, JsonNode> schema : schemas.entrySet()) {
            String name = schema.getKey();
            Path file = folder.resolve(name);
            BasicFileAttributes attributes;
            try {
                attributes =
                        Files.readAttributes(
                                file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            } catch (NoSuchFileException e) {
                if (all) {
                    throw new JobFailureException(
                            "agent.output-missing", "the script wrote no output \"" + name + "\"");
                }
                continue;
            }
            if (!attributes.isRegularFile()) {
                throw invalid(name, "is not a plain file");
            }
            values.put(name, value(name, schema.getValue(), bytes(name, file, attributes.size())));
        }
        return values;
    }

    private byte[] bytes(String name, Path file, long size)
            throws IOException, JobFailureException {
        if (size > left) {
            throw tooLarge(name, size);
        }
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            // It may have grown since.
            bytes = in.readNBytes((int) Math.min(Integer.MAX_VALUE - 8, left + 1));
        }
        if (bytes.length > left) {
            throw tooLarge(name, bytes.length);
        }
        left -= bytes.length;
        return bytes;
    }

    private static JsonNode value(String name, JsonNode schema, byte[] bytes)
            throws JobFailureException {
        if (!schema.path("type").asString("").equals("string")) {
            try {
                return ProtocolJson.readTree(bytes);
            } catch (ProtocolException e) {
                throw invalid(name, "is not JSON");
            }
        }
        try {
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return ProtocolJson.string(
                    text.endsWith("\n") ? text.substring(0, text.length() - 1) : text);
        } catch (CharacterCodingException e) {
            throw invalid(name, "is not text in UTF-8");
        }
    }

    private JobFailureException tooLarge(String name, long size) {
        return new JobFailureException(
                "agent.output-too-large",
                "the output \"" + name + "\" has " + size + " bytes where " + left + " are left");
    }

    private static JobFailureException invalid(String name, String what) {
        return new JobFailureException(
                "agent.output-invalid", "the output \"" + name + "\" " + what);
    }
}
