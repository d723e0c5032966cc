package dev.formwork.model.yaml;

import dev.formwork.model.Location;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;

import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.composer.Composer;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.ReaderException;
import org.yaml.snakeyaml.reader.StreamReader;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Turns the text of a file into marked nodes, one per document.
final class YamlReader {
    /// No file that a person writes comes near.
    static final int MAX_BYTES = 1024 * 1024;

    /// Above [Marks#MAX_DEPTH], which knows the place: only what cannot even be composed ends here.
    private static final int COMPOSER_DEPTH = 100;

    private static final int MAX_ALIASES = 200;
    private static final int MAX_DOCUMENTS = 100;

    private YamlReader() {}

    static String decode(String file, byte[] bytes) {
        Location start = new Location(file, 1, 1);
        if (bytes.length > MAX_BYTES) {
            throw tooLong(start);
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            Problem problem =
                    Problem.at(start, "yaml.syntax", "the file is not UTF-8", "save it as UTF-8");
            throw new ProblemException(List.of(problem), e);
        }
    }

    /// Every document of the text. Problems that leave the tree usable, such as a duplicate key, go
    /// to `context`.
    ///
    /// @throws ProblemException `yaml.syntax`, `yaml.too-complex`
    static List<Marked> read(String text, Decoding context) {
        String file = context.file();
        Location start = new Location(file, 1, 1);
        if (text.length() > MAX_BYTES) {
            throw tooLong(start);
        }
        String source = text.startsWith("\uFEFF") ? text.substring(1) : text;
        LoaderOptions options = new LoaderOptions();
        options.setNestingDepthLimit(COMPOSER_DEPTH);
        options.setMaxAliasesForCollections(MAX_ALIASES);
        options.setCodePointLimit(MAX_BYTES);
        // Nothing is ever constructed; Marks reports every tag, with its place.
        options.setTagInspector(_ -> true);
        try {
            ParserImpl parser = new ParserImpl(new StreamReader(source), options);
            Composer composer = new Composer(parser, new JsonTags(), options);
            Marks marks = new Marks(context, source.codePoints().toArray());
            List<Marked> documents = new ArrayList<>();
            while (composer.checkNode()) {
                Node node = composer.getNode();
                if (documents.size() == MAX_DOCUMENTS) {
                    String detail = "more than " + MAX_DOCUMENTS + " documents in a file";
                    throw new ProblemException(
                            Problem.at(start, "yaml.too-complex", detail, "split the file"));
                }
                documents.add(marks.convert(node));
            }
            return documents;
        } catch (MarkedYAMLException e) {
            throw syntax(at(file, e.getProblemMark()), e.getProblem(), e);
        } catch (ReaderException e) {
            throw syntax(start, "the file holds a character that YAML does not allow", e);
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            // SnakeYAML's scanner lets these escape, for instance at a `\x` without its digits.
            throw syntax(start, "an escape in a quoted text is broken", e);
        } catch (YAMLException e) {
            throw new ProblemException(
                    List.of(
                            Problem.at(
                                    start, "yaml.too-complex", words(e.getMessage()), Marks.FEWER)),
                    e);
        }
    }

    static Location at(String file, @Nullable Mark mark) {
        return mark == null
                ? new Location(file, 1, 1)
                : new Location(file, mark.getLine() + 1, mark.getColumn() + 1);
    }

    private static ProblemException syntax(Location at, @Nullable String detail, Throwable cause) {
        String hint =
                detail != null && detail.contains("\\t") ? "indent with spaces, not tabs" : null;
        Problem problem = Problem.at(at, "yaml.syntax", words(detail), hint);
        return new ProblemException(List.of(problem), cause);
    }

    private static ProblemException tooLong(Location start) {
        String detail = "the file is larger than " + MAX_BYTES / 1024 + " KiB";
        return new ProblemException(Problem.at(start, "yaml.too-complex", detail, "split it"));
    }

    private static String words(@Nullable String message) {
        String words = message == null ? "this is not YAML" : message;
        String line = words.length() <= 200 ? words : words.substring(0, 197) + "...";
        return line.replaceAll("\\p{Cntrl}", "?");
    }
}
