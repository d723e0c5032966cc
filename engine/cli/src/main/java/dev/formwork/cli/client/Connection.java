package dev.formwork.cli.client;

import dev.formwork.model.Location;
import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.model.value.ValueJson;
import dev.formwork.server.tls.Trust;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;

/// Speaks HTTP with one engine, or with whichever of several answers. Uses the JDK's old client on
/// purpose: it starts in a tenth of the time of the new one, and a command makes a handful of
/// calls. Thread-safe.
final class Connection {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final int MOST = ValueJson.MAX_CHARACTERS * 2;

    static {
        // The JDK would send a POST again by itself when a connection breaks.
        System.setProperty("sun.net.http.retryPost", "false");
    }

    private final EngineLocation engine;
    private final Turns turns;
    private final Optional<SSLSocketFactory> trust;
    private final Duration silence;

    /// @throws ProblemException `tls.bad-ca-file`
    Connection(EngineLocation engine) {
        this(
                engine,
                new Turns(engine.uris()),
                engine.caFile()
                        .filter(_ -> engine.uris().stream().anyMatch(Connection::isByTls))
                        .map(file -> Trust.inFile(file).getSocketFactory()),
                Duration.ZERO);
    }

    private Connection(
            EngineLocation engine,
            Turns turns,
            Optional<SSLSocketFactory> trust,
            Duration silence) {
        this.engine = engine;
        this.turns = turns;
        this.trust = trust;
        this.silence = silence;
    }

    /// This connection, which asks for so long again what changes nothing where no engine answers:
    /// one that was killed is started again, somewhere.
    Connection waiting(Duration longest) {
        return new Connection(engine, turns, trust, longest);
    }

    private static boolean isByTls(URI uri) {
        return "https".equals(uri.getScheme());
    }

    /// Where calls go now.
    URI uri() {
        return turns.current();
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

    /// What one way round all engines came to.
    private sealed interface Outcome {
        record Answered(Answer answer) implements Outcome {}

        /// None is there, or none can answer now.
        record Silent(ProblemException why) implements Outcome {}
    }

    /// A call that changes nothing is made again at the next engine where one gives no answer. Any
    /// other goes to one that says it is well, and to the next only where it was not sent: what may
    /// have been taken is never sent again.
    ///
    /// @throws ProblemException what the engine answered, `cli.no-engine`, `cli.timeout`,
    ///   `cli.engine-lost`, `cli.bad-answer`
    Answer call(
            String method,
            String path,
            Optional<byte[]> body,
            String mediaType,
            Duration patience) {
        boolean harmless = method.equals("GET");
        if (!harmless) {
            turns.toOneThat(this::isWell);
        }
        long since = System.nanoTime();
        while (true) {
            switch (round(method, path, body, mediaType, patience)) {
                case Outcome.Answered(Answer answer) -> {
                    return answer;
                }
                case Outcome.Silent(ProblemException why) -> {
                    turns.become(engine.now());
                    if (!harmless || System.nanoTime() - since >= silence.toNanos()) {
                        throw why;
                    }
                    LockSupport.parkNanos(PAUSE.toNanos());
                }
            }
        }
    }

    private Outcome round(
            String method,
            String path,
            Optional<byte[]> body,
            String mediaType,
            Duration patience) {
        boolean harmless = method.equals("GET");
        List<String> silent = new ArrayList<>();
        Optional<ProblemException> spoke = Optional.empty();
        for (URI uri : turns.round()) {
            try {
                Answer answer = once(uri, method, path, body, mediaType, patience);
                if (answer.status() >= 200 && answer.status() < 400) {
                    return new Outcome.Answered(answer);
                }
                spoke = Optional.of(problem(uri, answer.status(), answer.body()));
                if (!harmless || !isUnavailable(answer.status())) {
                    throw spoke.get();
                }
            } catch (NotSentException e) {
                silent.add(uri + ": " + e.getMessage());
            } catch (SocketTimeoutException e) {
                spoke = Optional.of(timeout(uri, patience));
                if (!harmless) {
                    throw spoke.get();
                }
            } catch (IOException e) {
                if (!harmless) {
                    throw lost(uri, e);
                }
                silent.add(uri + ": " + e.getMessage());
            }
            turns.leave(uri);
        }
        return new Outcome.Silent(
                spoke.orElseGet(
                        () -> EngineLocation.none(engine.told(), String.join("; ", silent))));
    }

    private Answer once(
            URI uri,
            String method,
            String path,
            Optional<byte[]> body,
            String mediaType,
            Duration patience)
            throws IOException {
        HttpURLConnection connection = open(uri, method, path, patience);
        if (body.isPresent()) {
            connection.setDoOutput(true);
            connection.setRequestProperty("Content-Type", mediaType);
        }
        try {
            connection.connect();
        } catch (IOException e) {
            throw new NotSentException(e);
        }
        if (body.isPresent()) {
            try (var out = connection.getOutputStream()) {
                out.write(body.get());
            }
        }
        int status = connection.getResponseCode();
        return new Answer(status, read(connection, status), connection);
    }

    /// Nothing of the request has left this machine.
    private static final class NotSentException extends IOException {
        @Serial private static final long serialVersionUID = 1L;

        NotSentException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    /// An answer whose body is read as it comes.
    ///
    /// @param leave to be told when it has ended before its time: the next call goes elsewhere
    record Stream(InputStream body, Runnable leave) {}

    /// @param silence how long nothing may come before reading fails
    /// @throws IOException where no engine answers
    /// @throws ProblemException where one does not want to
    Stream stream(String path, String mediaType, Optional<Long> after, Duration silence)
            throws IOException {
        Optional<IOException> failure = Optional.empty();
        for (URI uri : turns.round()) {
            try {
                HttpURLConnection connection = open(uri, "GET", path, silence);
                connection.setRequestProperty("Accept", mediaType + ", application/json;q=0.5");
                after.ifPresent(
                        id -> connection.setRequestProperty("Last-Event-ID", id.toString()));
                int status = connection.getResponseCode();
                if (status < 400) {
                    return new Stream(connection.getInputStream(), () -> turns.leave(uri));
                }
                ProblemException problem = problem(uri, status, read(connection, status));
                if (!isUnavailable(status)) {
                    throw problem;
                }
                failure = Optional.of(new IOException(problem.getMessage(), problem));
            } catch (IOException e) {
                failure = Optional.of(e);
            }
            turns.leave(uri);
        }
        turns.become(engine.now());
        throw failure.orElseThrow();
    }

    /// Whatever stands before an engine says 502; one that starts, stops or stands by says 503.
    private static boolean isUnavailable(int status) {
        return status == HttpURLConnection.HTTP_BAD_GATEWAY
                || status == HttpURLConnection.HTTP_UNAVAILABLE;
    }

    private boolean isWell(URI uri) {
        try {
            return once(uri, "GET", "/health", Optional.empty(), "", CONNECT).status()
                    == HttpURLConnection.HTTP_OK;
        } catch (IOException e) {
            return false;
        }
    }

    private HttpURLConnection open(URI uri, String method, String path, Duration patience)
            throws IOException {
        try {
            var url = new URI(uri + path).toURL();
            HttpURLConnection connection = (HttpURLConnection) url.openConnection();
            if (connection instanceof HttpsURLConnection secure) {
                trust.ifPresent(secure::setSSLSocketFactory);
            }
            connection.setRequestMethod(method);
            connection.setInstanceFollowRedirects(false);
            connection.setConnectTimeout((int) CONNECT.toMillis());
            connection.setReadTimeout((int) patience.toMillis());
            connection.setRequestProperty("Authorization", "Bearer " + engine.token());
            connection.setRequestProperty("Accept", "application/json, */*;q=0.1");
            return connection;
        } catch (URISyntaxException | ClassCastException e) {
            throw new IOException("not a URL: " + uri, e);
        }
    }

    private static ProblemException timeout(URI uri, Duration patience) {
        return ProblemException.of(
                "cli.timeout",
                "the engine at " + uri + " took longer than " + patience,
                "see its log; what was asked for may still happen");
    }

    private static ProblemException lost(URI uri, IOException failure) {
        return ProblemException.of(
                "cli.engine-lost",
                "the engine at " + uri + " went away before it answered: " + failure.getMessage(),
                "look what is there before you ask again: it may have been done");
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

    private static ProblemException problem(URI uri, int status, byte[] body) {
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
                            .formatted(status, uri, Names.abbreviate(text.strip())),
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
