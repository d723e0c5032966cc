package dev.formwork.bench.transfer;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Loads files over one connection and forgets them: a client that costs little, as it shares the
/// cores with the server.
final class HttpConnection implements AutoCloseable {
    private static final int LARGEST_HEAD = 8192;
    private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)\r\n");

    private final SocketChannel channel;
    private final String host;
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(256 << 10);

    /// @param local where it comes from
    HttpConnection(InetAddress local, InetSocketAddress server) throws IOException {
        host = server.getHostString() + ":" + server.getPort();
        channel = SocketChannel.open();
        try {
            channel.bind(new InetSocketAddress(local, 0));
            channel.connect(server);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    /// @param path with a slash before it
    /// @param counted is told each time how many octets of the file came
    /// @param isEnough asked each time; the connection is of no use then
    void get(String path, LongConsumer counted, BooleanSupplier isEnough) throws IOException {
        ByteBuffer request =
                StandardCharsets.ISO_8859_1.encode(
                        "GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        while (request.hasRemaining()) {
            channel.write(request);
        }
        buffer.clear();
        String head = head();
        Matcher length = LENGTH.matcher(head);
        if (!head.startsWith("HTTP/1.1 200 ") || !length.find()) {
            throw new IOException(path + ": " + head);
        }
        long all = Long.parseLong(length.group(1));
        long got = buffer.remaining();
        counted.accept(got);
        while (got < all && !isEnough.getAsBoolean()) {
            buffer.clear();
            int read = channel.read(buffer);
            if (read < 0) {
                throw new EOFException(path + ": " + got + " of " + all + " octets");
            }
            got += read;
            counted.accept(read);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /// Reads up to the end of the head; what came behind it is left in the buffer.
    private String head() throws IOException {
        while (true) {
            if (channel.read(buffer) < 0) {
                throw new EOFException("no answer");
            }
            byte[] start = new byte[Math.min(buffer.position(), LARGEST_HEAD)];
            buffer.get(0, start);
            String text = new String(start, StandardCharsets.ISO_8859_1);
            int end = text.indexOf("\r\n\r\n");
            if (end >= 0) {
                buffer.flip().position(end + 4);
                return text.substring(0, end + 2);
            }
            if (start.length == LARGEST_HEAD) {
                throw new IOException("an answer without an end: " + text);
            }
        }
    }
}
