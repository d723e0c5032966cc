package dev.formwork.agent.transport;

import dev.formwork.agent.protocol.BundleLimits;
import dev.formwork.agent.protocol.Facts;
import dev.formwork.agent.protocol.FactsUpdate;
import dev.formwork.agent.protocol.JobId;
import dev.formwork.agent.protocol.LogAck;
import dev.formwork.agent.protocol.ModuleDigest;
import dev.formwork.agent.protocol.Poll;
import dev.formwork.agent.protocol.ProblemAnswer;
import dev.formwork.agent.protocol.ProtocolException;
import dev.formwork.agent.protocol.ProtocolJson;
import dev.formwork.agent.protocol.Register;
import dev.formwork.agent.protocol.Registered;
import dev.formwork.agent.protocol.Report;
import dev.formwork.agent.protocol.Started;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;

import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;

/// One try of each call of [Engine] over HTTP/1.1, at one address. Redirects are not followed: the
/// credential goes to this address only.
final class HttpEngine {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final int LARGEST_ANSWER = 32 << 20;
    private static final int LARGEST_PROBLEM = 64 << 10;

    private final String base;
    private final @Nullable SSLSocketFactory trust;
    private final @Nullable String authorization;
    private final Duration patience;

    static {
        // Whether a call is tried again is decided by us, and not below.
        System.setProperty("sun.net.http.retryPost", "false");
    }

    /// @param url as [EngineUrl] makes it
    /// @param trust null to trust what the Java platform trusts
    /// @param authorization null as long as the agent is nobody yet
    /// @param patience for an answer, beyond the time that a poll is to wait
    HttpEngine(
            URI url,
            @Nullable SSLSocketFactory trust,
            @Nullable String authorization,
            Duration patience) {
        this.base = url + "/agent/v1/";
        this.trust = trust;
        this.authorization = authorization;
        this.patience = patience;
    }

    Registered register(Register register)
            throws EngineUnreachableException, EngineRefusalException {
        return read(
                send("POST", "register", ProtocolJson.write(register), patience), Registered.class);
    }

    PollAnswer poll(Poll poll) throws EngineUnreachableException, EngineRefusalException {
        Duration longest = patience.plusSeconds(poll.waitSeconds());
        byte[] answer = send("POST", "poll", ProtocolJson.write(poll), longest);
        try {
            return PollAnswer.read(answer);
        } catch (ProtocolException e) {
            throw new EngineUnreachableException(e.detail(), e);
        }
    }

    void started(JobId job, Started started)
            throws EngineUnreachableException, EngineRefusalException {
        send("POST", "jobs/" + job + "/started", ProtocolJson.write(started), patience);
    }

    long log(JobId job, long token, long offset, byte[] bytes)
            throws EngineUnreachableException, EngineRefusalException {
        String path = "jobs/" + job + "/log?token=" + token + "&offset=" + offset;
        return read(send("PUT", path, bytes, patience), LogAck.class).next();
    }

    void result(JobId job, Report report)
            throws EngineUnreachableException, EngineRefusalException {
        send("POST", "jobs/" + job + "/result", ProtocolJson.write(report), patience);
    }

    void facts(Facts facts) throws EngineUnreachableException, EngineRefusalException {
        send("POST", "facts", ProtocolJson.write(new FactsUpdate(facts)), patience);
    }

    void module(ModuleDigest digest, Path zip) throws IOException {
        HttpURLConnection connection = open("GET", "modules/" + digest, patience);
        InputStream answer = answer(connection);
        // Problems of the file are ours, and those of the connection the engine's.
        try (OutputStream file = Files.newOutputStream(zip, StandardOpenOption.CREATE_NEW)) {
            byte[] buffer = new byte[64 << 10];
            long left = BundleLimits.STANDARD.bytes();
            for (int read = read(answer, buffer); read >= 0; read = read(answer, buffer)) {
                left -= read;
                if (left < 0) {
                    throw new ProtocolException(
                            "module.too-large", "the zip of " + digest + " does not end", null);
                }
                file.write(buffer, 0, read);
            }
        } finally {
            answer.close();
        }
    }

    private static int read(InputStream answer, byte[] buffer) throws EngineUnreachableException {
        try {
            return answer.read(buffer);
        } catch (IOException e) {
            throw new EngineUnreachableException(reason(e), e);
        }
    }

    private byte[] send(String method, String path, byte[] body, Duration longest)
            throws EngineUnreachableException, EngineRefusalException {
        try {
            HttpURLConnection connection = open(method, path, longest);
            connection.setDoOutput(true);
            connection.setRequestProperty(
                    "Content-Type",
                    method.equals("PUT") ? "application/octet-stream" : "application/json");
            try (OutputStream out = connection.getOutputStream()) {
                out.write(body);
            }
            try (InputStream answer = answer(connection)) {
                byte[] bytes = answer.readNBytes(LARGEST_ANSWER + 1);
                if (bytes.length > LARGEST_ANSWER) {
                    throw new EngineUnreachableException("an answer that does not end", null);
                }
                return bytes;
            }
        } catch (EngineUnreachableException | EngineRefusalException e) {
            throw e;
        } catch (IOException e) {
            throw new EngineUnreachableException(reason(e), e);
        }
    }

    private HttpURLConnection open(String method, String path, Duration longest)
            throws IOException {
        HttpURLConnection connection =
                (HttpURLConnection) URI.create(base + path).toURL().openConnection();
        if (trust != null && connection instanceof HttpsURLConnection secure) {
            secure.setSSLSocketFactory(trust);
        }
        connection.setRequestMethod(method);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setConnectTimeout((int) CONNECT.toMillis());
        connection.setReadTimeout((int) longest.toMillis());
        connection.setRequestProperty("Formwork-Protocol", "1");
        connection.setRequestProperty("Accept", "application/json, application/problem+json");
        if (authorization != null) {
            connection.setRequestProperty("Authorization", authorization);
        }
        return connection;
    }

    private static InputStream answer(HttpURLConnection connection)
            throws EngineUnreachableException, EngineRefusalException {
        try {
            int status = connection.getResponseCode();
            if (status >= 200 && status < 300) {
                return connection.getInputStream();
            }
            throw failure(connection, status);
        } catch (EngineUnreachableException | EngineRefusalException e) {
            throw e;
        } catch (IOException e) {
            throw new EngineUnreachableException(reason(e), e);
        }
    }

    /// Only the engine itself speaks in problems. A proxy's 404 must not make an agent drop a job.
    private static IOException failure(HttpURLConnection connection, int status)
            throws IOException {
        byte[] body;
        try (InputStream errors = connection.getErrorStream()) {
            body = errors == null ? new byte[0] : errors.readNBytes(LARGEST_PROBLEM);
        }
        String type = String.valueOf(connection.getContentType()).toLowerCase(Locale.ROOT);
        boolean worthRepeating = status >= 500 || status == 408 || status == 429;
        if (worthRepeating || !type.startsWith("application/problem+json")) {
            return new EngineUnreachableException("HTTP status " + status, null);
        }
        try {
            return new EngineRefusalException(status, ProtocolJson.read(body, ProblemAnswer.class));
        } catch (ProtocolException e) {
            return new EngineUnreachableException("HTTP status " + status, e);
        }
    }

    private static <T> T read(byte[] answer, Class<T> type) throws EngineUnreachableException {
        try {
            return ProtocolJson.read(answer, type);
        } catch (ProtocolException e) {
            throw new EngineUnreachableException(e.detail(), e);
        }
    }

    private static String reason(IOException failure) {
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }
}
