package dev.formwork.cli.client;

import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.model.value.ValueJson;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Where an engine is, or several of one store, and what opens them.
///
/// @param uris at least one; any of them serves
/// @param token of the API; empty where none was found, then the engine refuses the calls
/// @param told who says that it is there, for messages
/// @param caFile the CA that it is under, where that is not one which the platform trusts
/// @param pid its process, if it is one of this host
/// @param data the data directory that says so, if it is one: an engine that starts anew may be
///   somewhere else
public record EngineLocation(
        List<URI> uris,
        String token,
        String told,
        Optional<Path> caFile,
        Optional<Long> pid,
        Optional<Path> data) {
    /// What an engine writes into its data directory while it runs.
    public static final String FILE = "engine.json";

    /// The API's token, beside it.
    public static final String TOKEN_FILE = "api-token";

    /// The certificate of the engines' CA, beside it.
    public static final String CA_FILE = "ca.pem";

    public EngineLocation {
        uris = List.copyOf(uris);
        if (uris.isEmpty()) {
            throw new IllegalArgumentException("an engine is somewhere");
        }
    }

    /// The first.
    public URI uri() {
        return uris.getFirst();
    }

    /// Engines that a person named.
    ///
    /// @param urls with commas between
    /// @param data where the token and the CA's certificate are, if no file is named
    /// @throws ProblemException `cli.bad-url`, `cli.insecure-url`, `cli.no-token`
    public static EngineLocation named(
            String urls, Optional<Path> tokenFile, Optional<Path> caFile, Path data) {
        List<URI> uris =
                Arrays.stream(urls.split(",", -1))
                        .map(String::strip)
                        .map(EngineLocation::uri)
                        .distinct()
                        .toList();
        Path file = tokenFile.orElse(data.resolve(TOKEN_FILE));
        Path ca = data.resolve(CA_FILE);
        return new EngineLocation(
                uris,
                token(file),
                "--url",
                caFile.or(() -> Optional.of(ca).filter(Files::isReadable)),
                Optional.empty(),
                Optional.empty());
    }

    private static URI uri(String url) {
        URI uri;
        try {
            uri = URI.create(url.endsWith("/") ? url.substring(0, url.length() - 1) : url);
        } catch (IllegalArgumentException e) {
            throw badUrl(url);
        }
        String scheme = String.valueOf(uri.getScheme());
        if (uri.getHost() == null || !(scheme.equals("http") || scheme.equals("https"))) {
            throw badUrl(url);
        }
        if (scheme.equals("http") && !isLoopback(uri.getHost())) {
            throw ProblemException.of(
                    "cli.insecure-url",
                    "the token would go to " + uri.getHost() + " in clear text",
                    "use https: `formwork serve --agents ADDRESS` listens for it");
        }
        return uri;
    }

    /// The engine of a data directory, if one says that it runs.
    ///
    /// @throws ProblemException `cli.no-token`
    public static Optional<EngineLocation> in(Path data, Optional<Path> tokenFile) {
        return written(data)
                .map(engine ->
                        new EngineLocation(
                                List.of(engine.uri),
                                token(tokenFile.orElse(data.resolve(TOKEN_FILE))),
                                data.toString(),
                                Optional.empty(),
                                engine.pid,
                                Optional.of(data)));
    }

    /// What an engine has written of itself.
    private record Written(URI uri, Optional<Long> pid) {}

    private static Optional<Written> written(Path data) {
        Path file = data.resolve(FILE);
        if (!Files.isReadable(file)) {
            return Optional.empty();
        }
        try {
            Fields fields = Fields.of(ValueJson.read(Files.readString(file)));
            return Optional.of(
                    new Written(
                            URI.create(fields.text("url")),
                            fields.json().fields().get("pid") instanceof Value.Int(long number)
                                    ? Optional.of(number)
                                    : Optional.empty()));
        } catch (IOException | IllegalArgumentException | ProblemException _) {
            return Optional.empty();
        }
    }

    /// Where the engine is by now.
    List<URI> now() {
        return data.flatMap(EngineLocation::written)
                .map(engine -> List.of(engine.uri))
                .orElse(uris);
    }

    /// What to say when nobody answers.
    public static ProblemException none(String told, String why) {
        return ProblemException.of(
                "cli.no-engine",
                "no engine answers (" + told + "): " + why,
                "start one with `formwork serve`, or name another with --data-dir or --url");
    }

    private static String token(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw ProblemException.of(
                    "cli.no-token",
                    "cannot read the API's token from " + file,
                    "name its file with --token-file; only the engine's user may read it");
        }
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException _) {
            return false;
        }
    }

    private static ProblemException badUrl(String url) {
        return ProblemException.of(
                "cli.bad-url", "not an engine's URL: " + url, "such as http://127.0.0.1:7474");
    }
}
