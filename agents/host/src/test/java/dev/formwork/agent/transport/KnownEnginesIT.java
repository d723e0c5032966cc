package dev.formwork.agent.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

final class KnownEnginesIT {
    private static final URI GIVEN = URI.create("http://given");

    private Path file;

    @BeforeEach
    void start(@TempDir Path folder) {
        file = folder.resolve("engines.json");
    }

    @Test
    void keepsWhatItLearnsBehindWhatItWasGiven() {
        known().learn(List.of("http://b", "http://given/", "http://c/"));

        assertThat(known().all()).containsExactly(GIVEN, uri("http://b"), uri("http://c"));
    }

    @Test
    void believesTheLastAnswer() {
        KnownEngines known = known();
        known.learn(List.of("http://b", "http://c"));
        known.learn(List.of("http://d"));

        assertThat(known.all()).containsExactly(GIVEN, uri("http://d"));

        known.learn(List.of("http://given"));
        assertThat(known.all()).containsExactly(GIVEN);
        assertThat(known().all()).containsExactly(GIVEN);
    }

    @Test
    void takesNothingForNoNews() {
        KnownEngines known = known();
        known.learn(List.of("http://b"));
        known.learn(List.of());
        known.learn(List.of("ftp://c", "http://user@d", "http://e?f", ""));

        assertThat(known.all()).containsExactly(GIVEN, uri("http://b"));
    }

    @Test
    void holdsSixteenAtMost() {
        List<String> many = IntStream.range(0, 1000).mapToObj(i -> "http://e" + i).toList();
        known().learn(many);

        assertThat(known().all()).hasSize(16).startsWith(GIVEN, uri("http://e0"));
    }

    @Test
    void neverLeavesTls() throws IOException {
        URI secure = uri("https://given");
        KnownEngines known = KnownEngines.open(file, List.of(secure, GIVEN));
        known.learn(List.of("http://b", "https://c"));

        assertThat(known.all()).containsExactly(secure, GIVEN, uri("https://c"));

        Files.writeString(file, "{\"engines\": [\"http://b\", \"https://d\"]}");
        assertThat(KnownEngines.open(file, List.of(secure)).all())
                .containsExactly(secure, uri("https://d"));
    }

    @Test
    void startsWithoutAFileThatItCanRead() throws IOException {
        for (String content : List.of("", "[]", "{\"engines\": [null]}", "{\"engines\": 1}")) {
            Files.writeString(file, content);

            assertThat(known().all()).containsExactly(GIVEN);
        }
        Files.writeString(file, "{}");
        assertThat(known().all()).containsExactly(GIVEN);
    }

    @Test
    void writesOnlyNews() throws IOException {
        KnownEngines known = known();
        known.learn(List.of("http://b", "http://c"));
        FileTime longAgo = FileTime.fromMillis(0);
        Files.setLastModifiedTime(file, longAgo);

        Stream.of(List.of("http://b", "http://c"), List.of("http://c", "http://b"))
                .forEach(known::learn);

        assertThat(Files.getLastModifiedTime(file)).isEqualTo(longAgo);
    }

    private KnownEngines known() {
        return KnownEngines.open(file, List.of(GIVEN));
    }

    private static URI uri(String text) {
        return URI.create(text);
    }
}
