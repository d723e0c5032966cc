package dev.formwork.boot.artifact;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.util.Map;

/// The content of an answer (RFC 9112, section 6): of a length, in chunks, or up to the end. One
/// that is cut short is an error, not an end.
final class Body extends InputStream {
    private final Socket socket;
    private final InputStream input;
    private final boolean isChunked;

    /// Left of the content or the chunk; -1 where the end of the connection ends it.
    private long left;

    private boolean isDone;

    private Body(Socket socket, InputStream input, boolean isChunked, long left) {
        this.socket = socket;
        this.input = input;
        this.isChunked = isChunked;
        this.left = left;
    }

    static Body of(Socket socket, InputStream input, Map<String, String> fields)
            throws IOException {
        if (fields.containsKey("transfer-encoding")) {
            if (!fields.get("transfer-encoding").equalsIgnoreCase("chunked")) {
                throw new IOException("the content has an encoding that we don't know");
            }
            return new Body(socket, input, true, 0);
        }
        String length = fields.getOrDefault("content-length", "");
        if (!length.matches("\\d{0,18}")) {
            throw new IOException("the content has no proper length");
        }
        return new Body(socket, input, false, length.isEmpty() ? -1 : Long.parseLong(length));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int at, int count) throws IOException {
        if (isChunked && left == 0 && !isDone) {
            left = chunk();
            isDone = left == 0;
        }
        if (isDone || left == 0) {
            return -1;
        }
        int read = input.read(into, at, left < 0 ? count : (int) Math.min(count, left));
        if (read < 0 && left > 0) {
            throw new EOFException("the content is cut short");
        }
        if (left > 0) {
            left -= read;
            if (isChunked && left == 0 && !line().isEmpty()) {
                throw new IOException("a chunk does not end");
            }
        }
        return read;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private long chunk() throws IOException {
        String size = line().replaceFirst("[ \\t]*;.*", "");
        if (!size.matches("[0-9A-Fa-f]{1,15}")) {
            throw new IOException("a chunk has no size");
        }
        return Long.parseLong(size, 16);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = input.read(); octet != '\n'; octet = input.read()) {
            if (octet < 0 || line.length() > 1024) {
                throw new EOFException("the content is cut short");
            }
            line.append((char) octet);
        }
        return line.toString().strip();
    }
}
