package dev.formwork.store;

import dev.formwork.model.ProblemException;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Where a PostgreSQL database is, how to log in, and how long an engine is taken for living there.
///
/// @param parameters of the connection, of those in [#PARAMETERS]
/// @param password if one is needed; never printed
/// @param lease how long the engine may be silent before others take over from it
public record PostgresSettings(
        String host,
        int port,
        String database,
        String user,
        Map<String, String> parameters,
        Optional<String> password,
        Duration lease) {
    /// Long enough for a pause of the garbage collector; short enough that another engine goes on
    /// within five seconds.
    private static final Duration LEASE = Duration.ofSeconds(3);

    private static final int STANDARD_PORT = 5432;
    private static final String EXAMPLE = "postgresql://formwork@127.0.0.1:5432/formwork";

    /// What may stand after `?`: the others are about what Formwork decides, or load code.
    private static final List<String> PARAMETERS =
            List.of("currentSchema", "sslcert", "sslkey", "sslmode", "sslrootcert");

    public PostgresSettings {
        parameters = Map.copyOf(parameters);
    }

    /// Reads `postgresql://USER@HOST[:PORT]/DATABASE[?sslmode=...]`.
    ///
    /// @throws ProblemException `store.bad-url`, in words that repeat nothing of it: it may hold a
    ///   password by mistake
    public static PostgresSettings parse(String url) {
        URI uri;
        try {
            uri = new URI(url);
        } catch (URISyntaxException _) {
            throw bad("the database's URL is no URL");
        }
        if (!"postgresql".equals(uri.getScheme())) {
            throw bad("the database's URL does not begin with postgresql://");
        }
        String user = uri.getUserInfo();
        if (uri.getHost() == null || user == null || user.isEmpty()) {
            throw bad("the database's URL does not say whose it is, and where");
        }
        if (user.contains(":")) {
            throw bad("the database's URL holds a password, where everybody on this host sees it");
        }
        String path = uri.getPath();
        if (path == null || path.length() < 2) {
            throw bad("the database's URL does not name a database");
        }
        return new PostgresSettings(
                uri.getHost(),
                uri.getPort() < 0 ? STANDARD_PORT : uri.getPort(),
                path.substring(1),
                user,
                parameters(Optional.ofNullable(uri.getRawQuery())),
                Optional.empty(),
                LEASE);
    }

    public PostgresSettings withPassword(String next) {
        return new PostgresSettings(
                host, port, database, user, parameters, Optional.of(next), lease);
    }

    public PostgresSettings withLease(Duration next) {
        return new PostgresSettings(host, port, database, user, parameters, password, next);
    }

    /// For people: without the password.
    @Override
    public String toString() {
        return "postgresql://%s@%s:%d/%s".formatted(user, host, port, database);
    }

    /// As the driver takes it.
    String jdbcUrl() {
        return "jdbc:postgresql://%s:%d/%s?%s"
                .formatted(
                        host,
                        port,
                        URLEncoder.encode(database, StandardCharsets.UTF_8),
                        parameters.entrySet().stream()
                                .map(each ->
                                        each.getKey()
                                                + "="
                                                + URLEncoder.encode(
                                                        each.getValue(), StandardCharsets.UTF_8))
                                .collect(Collectors.joining("&")));
    }

    private static Map<String, String> parameters(Optional<String> query) {
        Map<String, String> parameters = new TreeMap<>();
        for (String each : query.map(all -> all.split("&", -1)).orElse(new String[0])) {
            String[] parts = each.split("=", 2);
            if (parts.length != 2 || !PARAMETERS.contains(parts[0])) {
                throw bad(
                        "after ? the database's URL may only say "
                                + Arrays.toString(PARAMETERS.toArray()));
            }
            parameters.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
        }
        return parameters;
    }

    private static ProblemException bad(String detail) {
        return ProblemException.of(
                "store.bad-url",
                detail,
                "such as "
                        + EXAMPLE
                        + "; the password comes by the variable PGPASSWORD or from a file");
    }
}
