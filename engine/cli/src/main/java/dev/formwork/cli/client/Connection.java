package dev.formwork.cli.client;

import dev.formwork.model.Location;
import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.model.value.ValueJson;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Speaks HTTP with one engine. Uses the JDK's old client on purpose: it starts in a tenth of the
/// time of the new one, and a command makes a handful of calls. Thread-safe.
final class Connection {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final int MOST = ValueJson.MAX_CHARACTERS * 2;

    static {
        // The JDK would send a POST again by itself when a connection breaks.
        System.setProperty("sun.net.http.retryPost", "false");
    }

    private final EngineLocation engine;

    Connection(EngineLocation engine) {
        this.engine = engine;
    }

    /// An answer with its body read.
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Answer(int status, byte[] body, HttpURLConnection connection) {
        Value json() {
            return ValueJson.read(new String(body, StandardCharsets.UTF_8));
        }

        Optional<String> header(String name) {
            return Optional.ofNullable(connection.getHeaderField(name));
        }
    }

    /// A path segment, whatever is in it.
    static String segment(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    Answer get(String path, Duration patience) {
        return call("GET", path, Optional.empty(), "", patience);
    }

    Answer post(String path, Value body, Duration patience) {
        byte[] json = ValueJson.write(body).getBytes(StandardCharsets.UTF_8);
        return call("POST", path, Optional.of(json), "application/json", patience);
    }

    /// @throws ProblemException what the engine answered, `cli.no-engine`, `cli.timeout`,
    ///   `cli.bad-answer`
    Answer call(
            String method,
            String path,
            Optional<byte[]> body,
            String mediaType,
            Duration patience) {
        try {
            HttpURLConnection connection = open(method, path, patience);
            if (body.isPresent()) {
                connection.setDoOutput(true);
                connection.setRequestProperty("Content-Type", mediaType);
                try (var out = connection.getOutputStream()) {
                    out.write(body.get());
                }
            }
            int status = connection.getResponseCode();
            byte[] answer = read(connection, status);
            if (status >= 400 || status < 200) {
                throw problem(status, answer);
            }
            return new Answer(status, answer, connection);
        } catch (SocketTimeoutException e) {
            throw ProblemException.of(
                    "cli.timeout",
                    "the engine at " + engine.uri() + " took longer than " + patience,
                    "see its log; what was asked for may still happen");
        } catch (IOException e) {
            throw EngineLocation.none(engine.told(), engine.uri() + ": " + e.getMessage());
        }
    }

    /// An answer whose body is read as it comes.
    ///
    /// @param silence how long nothing may come before reading fails
    HttpURLConnection stream(String path, String mediaType, Optional<Long> after, Duration silence)
            throws IOException {
        HttpURLConnection connection = open("GET", path, silence);
        connection.setRequestProperty("Accept", mediaType + ", application/json;q=0.5");
        after.ifPresent(id -> connection.setRequestProperty("Last-Event-ID", id.toString()));
        int status = connection.getResponseCode();
        if (status >= 400) {
            throw problem(status, read(connection, status));
        }
        return connection;
    }

    private HttpURLConnection open(String method, String path, Duration patience)
            throws IOException {
        try {
            var url = new java.net.URI(engine.uri() + path).toURL();
            HttpURLConnection connection = (HttpURLConnection) url.openConnection();
            connection.setRequestMethod(method);
            connection.setInstanceFollowRedirects(false);
            connection.setConnectTimeout((int) CONNECT.toMillis());
            connection.setReadTimeout((int) patience.toMillis());
            connection.setRequestProperty("Authorization", "Bearer " + engine.token());
            connection.setRequestProperty("Accept", "application/json, */*;q=0.1");
            return connection;
        } catch (URISyntaxException | ClassCastException e) {
            throw new IOException("not a URL: " + engine.uri(), e);
        }
    }

    private static byte[] read(HttpURLConnection connection, int status) throws IOException {
        InputStream body =
                status >= 400 ? connection.getErrorStream() : connection.getInputStream();
        if (body == null) {
            return new byte[0];
        }
        try (body) {
            byte[] bytes = body.readNBytes(MOST);
            if (bytes.length == MOST) {
                throw new IOException("the answer is too large");
            }
            return bytes;
        }
    }

    private ProblemException problem(int status, byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        try {
            Fields fields = Fields.of(ValueJson.read(text));
            List<Problem> problems = new ArrayList<>(fields.list("problems", Connection::problem));
            if (problems.isEmpty()) {
                problems.add(problem(fields));
            }
            return new ProblemException(problems);
        } catch (ProblemException | IllegalArgumentException e) {
            return ProblemException.of(
                    "cli.bad-answer",
                    "HTTP status %d from %s: %s"
                            .formatted(status, engine.uri(), Names.abbreviate(text.strip())),
                    "is that a Formwork engine?");
        }
    }

    private static Problem problem(Fields fields) {
        Optional<Location> location =
                fields.fields("location")
                        .map(at ->
                                new Location(
                                        at.text("file"), at.number("line"), at.number("column")));
        return new Problem(
                fields.text("code"),
                fields.text("detail"),
                fields.optional("hint").orElse(null),
                location.orElse(null));
    }
}
