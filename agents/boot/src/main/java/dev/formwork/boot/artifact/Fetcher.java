package dev.formwork.boot.artifact;

import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;

import org.jspecify.annotations.Nullable;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/// Fetches by HTTP/1.1 from addresses that were looked at: no library of the JDK lets us connect to
/// the address that we checked, and a name may have another one a moment later.
final class Fetcher {
    private static final int MOST_REDIRECTS = 5;
    private static final int LARGEST_HEAD = 16_384;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})(?: .*)?");
    private static final Pattern TARGET = Pattern.compile("/[!-~]*");

    private final Destinations destinations;

    Fetcher(Destinations destinations) {
        this.destinations = destinations;
    }

    /// What a URL has; the caller closes it.
    ///
    /// @throws ProblemException `artifact.bad-url`, `artifact.forbidden-address`,
    ///   `artifact.unreachable`
    InputStream open(URI url) {
        URI at = url;
        for (int i = 0; i <= MOST_REDIRECTS; i++) {
            try {
                Answer answer = ask(at);
                if (answer.location().isEmpty()) {
                    return answer.body();
                }
                answer.body().close();
                at = at.resolve(answer.location().get());
            } catch (IOException | IllegalArgumentException e) {
                throw unreachable(at, e.toString(), e);
            }
        }
        throw unreachable(url, "it leads elsewhere more than " + MOST_REDIRECTS + " times", null);
    }

    private record Answer(InputStream body, Optional<String> location) {}

    private Answer ask(URI url) throws IOException {
        String scheme = String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT);
        @Nullable String named = url.getHost();
        String target =
                (url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath())
                        + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery());
        boolean isSecure = scheme.equals("https");
        if (named == null
                || url.getRawUserInfo() != null
                || !(isSecure || scheme.equals("http"))
                || !TARGET.matcher(target).matches()) {
            throw ProblemException.of(
                    "artifact.bad-url",
                    "artifacts are not fetched from " + Names.abbreviate(url.toString()),
                    "http or https, a host, and no name or password in it");
        }
        String host = named.toLowerCase(Locale.ROOT);
        int port = url.getPort() >= 0 ? url.getPort() : isSecure ? 443 : 80;
        Socket socket = connect(host, port, isSecure);
        try {
            String head =
                    "GET "
                            + target
                            + " HTTP/1.1\r\nHost: "
                            + host
                            + (url.getPort() >= 0 ? ":" + port : "")
                            + "\r\nUser-Agent: formwork\r\nAccept-Encoding: identity\r\n"
                            + "Connection: close\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            return answer(url, socket);
        } catch (IOException | ProblemException e) {
            socket.close();
            throw e;
        }
    }

    private Socket connect(String host, int port, boolean isSecure) throws IOException {
        InetAddress[] addresses = InetAddress.getAllByName(host.replaceFirst("^\\[(.*)]$", "$1"));
        // All of them: a name that leads inside as well is no name of the internet.
        for (InetAddress address : addresses) {
            destinations.require(host, address);
        }
        @Nullable IOException failure = null;
        for (InetAddress address : addresses) {
            Socket socket = new Socket();
            try {
                socket.setSoTimeout((int) PATIENCE.toMillis());
                socket.connect(new InetSocketAddress(address, port), (int) PATIENCE.toMillis());
                return isSecure ? secure(socket, host, port) : socket;
            } catch (IOException e) {
                socket.close();
                failure = e;
            }
        }
        throw failure == null ? new IOException("no address") : failure;
    }

    private static Socket secure(Socket socket, String host, int port) throws IOException {
        SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        SSLSocket secure = (SSLSocket) factory.createSocket(socket, host, port, true);
        SSLParameters parameters = secure.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        secure.setSSLParameters(parameters);
        secure.startHandshake();
        return secure;
    }

    private static Answer answer(URI url, Socket socket) throws IOException {
        InputStream input = new BufferedInputStream(socket.getInputStream(), 1 << 16);
        List<String> lines = List.of(head(input).split("\r\n", -1));
        Matcher status = STATUS.matcher(lines.getFirst());
        if (!status.matches()) {
            throw new IOException("the answer is not HTTP");
        }
        Map<String, String> fields = new HashMap<>();
        for (String line : lines.subList(1, lines.size())) {
            int colon = line.indexOf(':');
            if (colon > 0) {
                fields.putIfAbsent(
                        line.substring(0, colon).toLowerCase(Locale.ROOT),
                        line.substring(colon + 1).strip());
            }
        }
        InputStream body = Body.of(socket, input, fields);
        return switch (status.group(1)) {
            case "200" -> new Answer(body, Optional.empty());
            case "301", "302", "303", "307", "308" ->
                    new Answer(body, Optional.of(fields.getOrDefault("location", "")));
            default -> throw unreachable(url, "the answer is " + status.group(1), null);
        };
    }

    private static String head(InputStream input) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.length() < LARGEST_HEAD) {
            int octet = input.read();
            if (octet < 0) {
                break;
            }
            head.append((char) octet);
            if (octet == '\n'
                    && head.length() >= 4
                    && head.indexOf("\r\n\r\n", head.length() - 4) >= 0) {
                return head.substring(0, head.length() - 4);
            }
        }
        throw new IOException("the answer has no head");
    }

    static ProblemException unreachable(URI url, String why, @Nullable Throwable cause) {
        return new ProblemException(
                List.of(
                        Problem.of(
                                "artifact.unreachable",
                                Names.abbreviate(url.toString())
                                        + " cannot be fetched: "
                                        + Names.abbreviate(why),
                                "try it with curl from this host")),
                cause);
    }
}
