package dev.formwork.cli.plan;

import dev.formwork.model.ProblemException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// A cluster's file, as a person named it.
///
/// @param name what problems call it
/// @param path where it is
public record ClusterFile(String name, Path path, String text) {
    /// @throws ProblemException `cli.unreadable-file`
    public static ClusterFile read(String name, Path path) {
        Path file = Files.isDirectory(path) ? path.resolve("cluster.yaml") : path;
        String shown = Files.isDirectory(path) ? Path.of(name, "cluster.yaml").toString() : name;
        try {
            byte[] bytes = Files.readAllBytes(file);
            String text =
                    StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return new ClusterFile(shown, file, text);
        } catch (CharacterCodingException _) {
            throw unreadable(shown, "it is not UTF-8");
        } catch (IOException e) {
            throw unreadable(shown, Files.exists(file) ? e.toString() : "there is no such file");
        }
    }

    private static ProblemException unreadable(String file, String why) {
        return ProblemException.of("cli.unreadable-file", "cannot read " + file + ": " + why, null);
    }
}
