package dev.formwork.boot.tftp;

import dev.formwork.boot.address.Ipv4;
import dev.formwork.boot.content.Open;
import dev.formwork.model.Problem;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/// One file on its way to one client, on a socket that is connected to it: nobody else can disturb
/// it without forging its address and port.
final class Transfer implements AutoCloseable {
    private static final int DATA = 3;
    private static final int ACKNOWLEDGEMENT = 4;
    private static final int ERROR = 5;
    private static final int OPTIONS = 6;
    private static final int ATTEMPTS = 6;
    private static final int LONGEST_PAUSE = 8;
    private static final int LONGEST_REASON = 400;
    private static final int BUFFERED = 1 << 20;

    private final DatagramSocket socket;
    private final Open content;
    private final Terms terms;
    private final Window window;
    private final byte[] received = new byte[128];
    private final byte[] data;
    private final Runnable heard;
    private volatile boolean isAbandoned;
    private int attempts;

    /// @param heard run when the client has answered: before what its answer leads to
    Transfer(Ipv4 local, SocketAddress client, ReadRequest request, Open content, Runnable heard)
            throws IOException {
        this.content = content;
        this.heard = heard;
        this.terms = Terms.of(request, content.size());
        this.window = new Window(content.size() / terms.block() + 1, terms.window());
        this.data = new byte[4 + terms.block()];
        this.socket = new DatagramSocket(new InetSocketAddress(local.inet(), 0));
        try {
            socket.setSendBufferSize(BUFFERED);
            socket.connect(client);
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    /// Sends the file; returns when the client has it all.
    ///
    /// @throws IOException where the client is gone, or does not want it
    void run() throws IOException {
        if (!terms.agreed().isEmpty()) {
            agree();
        }
        while (!window.isDone()) {
            for (long block = window.next(); block != 0; block = window.next()) {
                send(block);
            }
            int number = await();
            if (number < 0) {
                window.goBack();
            } else if (window.acknowledge(number)) {
                attempts = 0;
            }
        }
    }

    private void agree() throws IOException {
        byte[] packet = options(terms.agreed());
        int number;
        do {
            socket.send(new DatagramPacket(packet, packet.length));
            number = await();
        } while (number != 0);
        attempts = 0;
    }

    private void send(long block) throws IOException {
        long position = (block - 1) * terms.block();
        int size = (int) Math.min(terms.block(), content.size() - position);
        data[1] = DATA;
        data[2] = (byte) (block >>> 8);
        data[3] = (byte) block;
        content.read(position, ByteBuffer.wrap(data, 4, size));
        socket.send(new DatagramPacket(data, 4 + size));
    }

    /// The number of the next acknowledgement; -1 where none came in time.
    private int await() throws IOException {
        int seconds = Math.max(terms.seconds(), Math.min(LONGEST_PAUSE, 1 << attempts));
        socket.setSoTimeout(seconds * 1000);
        while (!isAbandoned) {
            DatagramPacket packet = new DatagramPacket(received, received.length);
            try {
                socket.receive(packet);
            } catch (SocketTimeoutException e) {
                if (++attempts == ATTEMPTS) {
                    throw broken("tftp.timeout", "the client does not answer");
                }
                return -1;
            }
            heard.run();
            if (packet.getLength() < 4 || received[0] != 0) {
                continue;
            }
            if (received[1] == ACKNOWLEDGEMENT) {
                return (received[2] & 0xff) << 8 | (received[3] & 0xff);
            }
            if (received[1] == ERROR) {
                throw broken("tftp.declined", "the client does not want it");
            }
        }
        throw new IOException("the server ends");
    }

    private static IOException broken(String code, String detail) {
        return new IOException(Problem.of(code, detail).toString());
    }

    void abandon() {
        isAbandoned = true;
        socket.close();
    }

    @Override
    public void close() {
        socket.close();
    }

    static byte[] options(Map<String, String> agreed) {
        StringBuilder text = new StringBuilder();
        agreed.forEach((name, value) -> text.append(name).append('\0').append(value).append('\0'));
        byte[] octets = ("\0\0" + text).getBytes(StandardCharsets.US_ASCII);
        octets[1] = OPTIONS;
        return octets;
    }

    static byte[] error(TftpError error, String reason) {
        String text =
                reason.substring(0, Math.min(LONGEST_REASON, reason.length()))
                        .replaceAll("[^ -~]", " ");
        byte[] octets = ("\0\0\0\0" + text + "\0").getBytes(StandardCharsets.US_ASCII);
        octets[1] = ERROR;
        octets[3] = (byte) error.code();
        return octets;
    }
}
