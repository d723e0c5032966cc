package dev.formwork.bench.agents;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/// As little of HTTP/1.1 as an agent needs: one connection, one request at a time, bodies with a
/// length. Whoever measures shares the machine with who is measured. Not thread-safe.
final class LightConnection implements AutoCloseable {
    private static final String LENGTH = "content-length:";

    private final String host;
    private final String credential;
    private final Socket socket;
    private final InputStream in;

    /// @param patience for an answer
    LightConnection(URI engine, String credential, Duration patience) throws IOException {
        this.host = engine.getAuthority();
        this.credential = credential;
        this.socket = new Socket(InetAddress.getByName(engine.getHost()), engine.getPort());
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) patience.toMillis());
        this.in = new BufferedInputStream(socket.getInputStream(), 2048);
    }

    /// The engine said no: saying it again is in vain.
    static final class RefusedException extends IOException {
        @Serial private static final long serialVersionUID = 1;

        private RefusedException(String what) {
            super(what);
        }
    }

    /// @return the body of an answer that is not an error
    /// @throws RefusedException where the engine said no
    byte[] post(String path, byte[] body) throws IOException {
        String head =
                "POST "
                        + path
                        + " HTTP/1.1\r\nHost: "
                        + host
                        + "\r\nAuthorization: Bearer "
                        + credential
                        + "\r\nFormwork-Protocol: 1\r\nContent-Type: application/json\r\n"
                        + "Content-Length: "
                        + body.length
                        + "\r\n\r\n";
        byte[] start = head.getBytes(StandardCharsets.ISO_8859_1);
        byte[] request = new byte[start.length + body.length];
        System.arraycopy(start, 0, request, 0, start.length);
        System.arraycopy(body, 0, request, start.length, body.length);
        socket.getOutputStream().write(request);
        return answer(path);
    }

    private byte[] answer(String path) throws IOException {
        String status = line();
        int length = 0;
        for (String header = line(); !header.isEmpty(); header = line()) {
            if (header.toLowerCase(Locale.ROOT).startsWith(LENGTH)) {
                length = Integer.parseInt(header.substring(LENGTH.length()).strip());
            }
        }
        byte[] body = in.readNBytes(length);
        if (!status.startsWith("HTTP/1.1 2")) {
            String what = path + ": " + status + " " + new String(body, StandardCharsets.UTF_8);
            throw status.startsWith("HTTP/1.1 4")
                    ? new RefusedException(what)
                    : new IOException(what);
        }
        return body;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder(64);
        while (true) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("the engine hung up");
            }
            if (next == '\n') {
                return line.toString();
            }
            if (next != '\r') {
                line.append((char) next);
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
