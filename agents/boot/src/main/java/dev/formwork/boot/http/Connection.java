package dev.formwork.boot.http;

import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.content.Content;
import dev.formwork.boot.content.ContentSource;
import dev.formwork.boot.content.Open;
import dev.formwork.model.ProblemException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// One client's connection: requests and answers in turn, by one virtual thread.
final class Connection {
    private static final Logger LOG = LoggerFactory.getLogger(Connection.class);
    private static final int LARGEST_HEAD = 8192;
    private static final long AT_ONCE = 8 << 20;
    private static final long WHILE_FULL = 8 << 10;
    private static final int MOST_IGNORED = 1 << 20;

    private final SocketChannel channel;
    private final ContentSource source;
    private final Ipv4 client;
    private final String local;
    private final Runnable progress;
    private final ByteBuffer input = ByteBuffer.allocate(LARGEST_HEAD);

    /// @param progress is told when the client asks or takes something
    Connection(SocketChannel channel, ContentSource source, Runnable progress) throws IOException {
        this.progress = progress;
        this.channel = channel;
        this.source = source;
        this.client = ipv4(channel.socket().getInetAddress());
        this.local =
                ipv4(channel.socket().getLocalAddress()) + ":" + channel.socket().getLocalPort();
    }

    /// Answers until the client ends it, or says what is no request.
    void run() throws IOException {
        answerAll();
        // To close what has not been read resets the connection, and may take the answer with it.
        channel.shutdownOutput();
        int ignored = 0;
        for (int read = 0; read >= 0 && ignored < MOST_IGNORED; ignored += read) {
            input.clear();
            read = channel.read(input);
        }
    }

    private void answerAll() throws IOException {
        for (Optional<String> head = head(); head.isPresent(); head = head()) {
            progress.run();
            Optional<Request> request = Request.parse(head.get());
            if (request.isEmpty()) {
                answer(Status.BAD_REQUEST, "request.malformed: this is no request", true, false);
                return;
            }
            answer(request.get());
            if (request.get().isLast()) {
                return;
            }
        }
    }

    private void answer(Request request) throws IOException {
        boolean isHead = request.method() == Request.Method.HEAD;
        if (request.method() == Request.Method.OTHER) {
            answer(Status.NO_METHOD, "request.method: GET and HEAD only", request.isLast(), false);
            return;
        }
        Optional<Content> found;
        try {
            found =
                    request.path()
                            .flatMap(path ->
                                    source.find(
                                            new ContentSource.Asked(
                                                    path,
                                                    request.query(),
                                                    client,
                                                    request.server().orElse(local))));
        } catch (ProblemException e) {
            LOG.warn("{} does not get {}: {}", client, request.path().orElse(""), e.getMessage());
            answer(Status.of(e), e.getMessage(), request.isLast(), isHead);
            return;
        }
        if (found.isEmpty()) {
            LOG.info("{} asks for {}, which is not there", client, request.path().orElse("?"));
            answer(
                    Status.NOT_FOUND,
                    "request.not-found: there is nothing of that path",
                    request.isLast(),
                    isHead);
            return;
        }
        try (Open content = found.get().open()) {
            serve(request, content);
        }
    }

    private void serve(Request request, Open content) throws IOException {
        long size = content.size();
        Optional<Request.Part> wished = request.range().flatMap(range -> range.of(size));
        if (request.range().isPresent() && wished.isEmpty()) {
            write(
                    Status.BAD_RANGE,
                    "Content-Range: bytes */" + size + "\r\nContent-Length: 0\r\n",
                    request.isLast());
            return;
        }
        Request.Part part = wished.orElse(new Request.Part(0, size));
        String fields =
                "Content-Type: application/octet-stream\r\nAccept-Ranges: bytes\r\nContent-Length: "
                        + part.count()
                        + "\r\n"
                        + (wished.isEmpty()
                                ? ""
                                : "Content-Range: bytes "
                                        + part.position()
                                        + "-"
                                        + (part.position() + part.count() - 1)
                                        + "/"
                                        + size
                                        + "\r\n");
        write(wished.isEmpty() ? Status.OK : Status.PARTIAL, fields, request.isLast());
        if (request.method() == Request.Method.HEAD) {
            return;
        }
        long at = part.position();
        long end = at + part.count();
        while (at < end) {
            long sent = content.transfer(at, Math.min(end - at, AT_ONCE), channel);
            if (sent <= 0) {
                // The socket is full, and `sendfile` does not wait: a write does, until there is
                // room for much more than that.
                ByteBuffer next = ByteBuffer.allocate((int) Math.min(end - at, WHILE_FULL));
                content.read(at, next);
                sent = next.flip().remaining();
                writeAll(next);
            }
            at += sent;
            progress.run();
        }
    }

    private void answer(Status status, String text, boolean isLast, boolean isHead)
            throws IOException {
        byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
        write(
                status,
                "Content-Type: text/plain; charset=utf-8\r\nContent-Length: "
                        + body.length
                        + "\r\n",
                isLast);
        if (!isHead) {
            writeAll(ByteBuffer.wrap(body));
        }
    }

    private void write(Status status, String fields, boolean isLast) throws IOException {
        String head =
                "HTTP/1.1 "
                        + status.line()
                        + "\r\n"
                        + fields
                        + (isLast ? "Connection: close\r\n" : "")
                        + "\r\n";
        writeAll(ByteBuffer.wrap(head.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private void writeAll(ByteBuffer octets) throws IOException {
        while (octets.hasRemaining()) {
            channel.write(octets);
        }
    }

    /// The next head, without the empty line that ends it; empty where the connection ends.
    private Optional<String> head() throws IOException {
        int seen = 0;
        while (true) {
            for (; seen + 4 <= input.position(); seen++) {
                boolean isEnd =
                        input.get(seen) == '\r'
                                && input.get(seen + 1) == '\n'
                                && input.get(seen + 2) == '\r'
                                && input.get(seen + 3) == '\n';
                if (isEnd) {
                    String head = new String(input.array(), 0, seen, StandardCharsets.ISO_8859_1);
                    input.flip().position(seen + 4);
                    input.compact();
                    return Optional.of(head);
                }
            }
            if (!input.hasRemaining()) {
                answer(
                        Status.TOO_LARGE,
                        "request.too-large: a head of more than " + LARGEST_HEAD + " octets",
                        true,
                        false);
                return Optional.empty();
            }
            if (channel.read(input) < 0) {
                return Optional.empty();
            }
        }
    }

    private static Ipv4 ipv4(InetAddress address) {
        return address instanceof Inet4Address four ? Ipv4.of(four) : Ipv4.ANY;
    }

    /// The status lines that we send.
    private enum Status {
        OK("200 OK"),
        PARTIAL("206 Partial Content"),
        BAD_REQUEST("400 Bad Request"),
        FORBIDDEN("403 Forbidden"),
        NOT_FOUND("404 Not Found"),
        NO_METHOD("405 Method Not Allowed"),
        BAD_RANGE("416 Range Not Satisfiable"),
        TOO_LARGE("431 Request Header Fields Too Large"),
        UNAVAILABLE("503 Service Unavailable");

        private final String line;

        Status(String line) {
            this.line = line;
        }

        String line() {
            return line;
        }

        /// A machine that is refused is not to think that something is out of order.
        static Status of(ProblemException refusal) {
            return refusal.code().startsWith("boot.") ? FORBIDDEN : UNAVAILABLE;
        }
    }
}
