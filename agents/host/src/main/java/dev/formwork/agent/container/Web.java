package dev.formwork.agent.container;

import dev.formwork.agent.runner.RunnerException;
import dev.formwork.agent.transport.UnwantedException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/// Fetches by http and https. Goes where it is sent, but never out of https; the authorization goes
/// to the one it is for. For one thread.
final class Web {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration SILENCE = Duration.ofSeconds(30);
    private static final int MOST_REDIRECTS = 5;

    private final BooleanSupplier unwanted;

    /// @param unwanted asked again and again: ends what takes long
    Web(BooleanSupplier unwanted) {
        this.unwanted = unwanted;
    }

    /// What came, to be closed.
    ///
    /// @param challenge what the server wants of whom it does not know; null where it answered
    record Answer(URI from, InputStream body, @Nullable String challenge) implements AutoCloseable {
        @Override
        public void close() throws IOException {
            body.close();
        }
    }

    /// @param accept media types
    /// @param authorization null for none
    /// @throws FetchException where asking again may help
    /// @throws RunnerException `agent.image-refused`
    Answer get(URI uri, String accept, @Nullable String authorization)
            throws FetchException, RunnerException {
        URI next = uri;
        for (int i = 0; i <= MOST_REDIRECTS; i++) {
            boolean same = Objects.equals(next.getAuthority(), uri.getAuthority());
            try {
                HttpURLConnection connection = open(next, accept, same ? authorization : null);
                int status = connection.getResponseCode();
                switch (status) {
                    case 200 -> {
                        return new Answer(next, connection.getInputStream(), null);
                    }
                    case 301, 302, 303, 307, 308 ->
                            next = elsewhere(next, connection.getHeaderField("Location"));
                    case 401 -> {
                        String challenge = connection.getHeaderField("WWW-Authenticate");
                        if (challenge == null || authorization != null) {
                            throw refused(next, status);
                        }
                        return new Answer(next, InputStream.nullInputStream(), challenge);
                    }
                    case 408, 429 -> throw new FetchException(shown(next) + ": " + status, null);
                    default -> {
                        if (status < 500) {
                            throw refused(next, status);
                        }
                        throw new FetchException(shown(next) + ": " + status, null);
                    }
                }
            } catch (FetchException e) {
                throw e;
            } catch (IOException e) {
                throw new FetchException(shown(next) + ": " + e.getMessage(), e);
            }
        }
        throw new RunnerException("agent.image-refused", shown(uri) + " sends from place to place");
    }

    /// Copies an answer, and tells failures of the network from those of the disk.
    ///
    /// @param most bytes
    /// @throws RunnerException `agent.image-invalid` where there are more
    void copy(Answer answer, OutputStream out, long most)
            throws IOException, RunnerException, UnwantedException {
        byte[] buffer = new byte[64 << 10];
        long left = most;
        while (true) {
            int read;
            try {
                read = answer.body().read(buffer);
            } catch (IOException e) {
                throw new FetchException(shown(answer.from()) + ": " + e.getMessage(), e);
            }
            if (read < 0) {
                return;
            }
            left -= read;
            if (left < 0) {
                throw new RunnerException(
                        "agent.image-invalid",
                        shown(answer.from()) + " has more than " + most + " bytes");
            }
            out.write(buffer, 0, read);
            refuseUnwanted();
        }
    }

    void refuseUnwanted() throws UnwantedException {
        if (unwanted.getAsBoolean()) {
            throw new UnwantedException();
        }
    }

    /// Without what may be secret in it.
    static String shown(URI uri) {
        return uri.getScheme() + "://" + uri.getAuthority() + uri.getPath();
    }

    private static HttpURLConnection open(URI uri, String accept, @Nullable String authorization)
            throws IOException {
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setConnectTimeout((int) CONNECT.toMillis());
        connection.setReadTimeout((int) SILENCE.toMillis());
        connection.setRequestProperty("Accept", accept);
        connection.setRequestProperty("User-Agent", "formwork-agent");
        if (authorization != null) {
            connection.setRequestProperty("Authorization", authorization);
        }
        return connection;
    }

    private static URI elsewhere(URI from, @Nullable String location) throws RunnerException {
        try {
            URI to = from.resolve(location == null ? "" : location);
            boolean https = "https".equals(to.getScheme());
            if ((https || ("http".equals(to.getScheme()) && "http".equals(from.getScheme())))
                    && to.getHost() != null) {
                return to;
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        throw new RunnerException(
                "agent.image-refused", shown(from) + " sends to where it may not send");
    }

    private static RunnerException refused(URI uri, int status) {
        return new RunnerException("agent.image-refused", shown(uri) + " answers with " + status);
    }
}
