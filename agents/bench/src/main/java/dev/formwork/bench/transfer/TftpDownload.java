package dev.formwork.bench.transfer;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;

/// Loads a file by TFTP (RFC 1350, 2348, 7440) and forgets it.
final class TftpDownload {
    private static final int DATA = 3;
    private static final int ERROR = 5;
    private static final int OPTIONS = 6;
    private static final byte[] ENOUGH = {0, ERROR, 0, 0, 'e', 'n', 'o', 'u', 'g', 'h', 0};
    private static final int PLAIN_BLOCK = 512;
    private static final int TIMEOUT_MILLIS = 1_000;
    private static final int ATTEMPTS = 10;
    private static final int BUFFERED = 4 << 20;

    private final DatagramSocket socket;
    private final TransferSizes.Tftp terms;
    private final byte[] received;
    private final byte[] acknowledgement = {0, 4, 0, 0};

    private TftpDownload(DatagramSocket socket, TransferSizes.Tftp terms) {
        this.socket = socket;
        this.terms = terms;
        this.received = new byte[4 + terms.block()];
    }

    /// @param local where it comes from
    /// @param counted is told how many octets of the file came
    /// @param isEnough asked each time: the server is told, or it would go on asking for long
    static void get(
            InetAddress local,
            InetSocketAddress server,
            String file,
            TransferSizes.Tftp terms,
            LongConsumer counted,
            BooleanSupplier isEnough)
            throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(local, 0))) {
            socket.setReceiveBufferSize(BUFFERED);
            socket.setSoTimeout(TIMEOUT_MILLIS);
            new TftpDownload(socket, terms).run(server, file, counted, isEnough);
        }
    }

    private void run(
            InetSocketAddress server, String file, LongConsumer counted, BooleanSupplier isEnough)
            throws IOException {
        byte[] request = request(file);
        DatagramPacket packet = new DatagramPacket(received, received.length);
        DatagramPacket answer = new DatagramPacket(request, request.length, server);
        int last = 0;
        int sinceAcknowledged = 0;
        int attempts = 0;
        socket.send(answer);
        while (true) {
            packet.setLength(received.length);
            try {
                socket.receive(packet);
            } catch (SocketTimeoutException e) {
                if (++attempts == ATTEMPTS) {
                    throw e;
                }
                socket.send(answer);
                continue;
            }
            if (!socket.isConnected()) {
                // The transfer has a port of its own at the server.
                socket.connect(packet.getSocketAddress());
                answer = new DatagramPacket(acknowledgement, acknowledgement.length);
                answer.setSocketAddress(packet.getSocketAddress());
            }
            int size = packet.getLength() - 4;
            switch (received[1]) {
                case OPTIONS -> acknowledge(0, answer);
                case DATA -> {
                    int number = (received[2] & 0xff) << 8 | (received[3] & 0xff);
                    if (number != (last + 1 & 0xffff)) {
                        // Once for each gap, or one that is lost makes a window of them.
                        if (sinceAcknowledged > 0) {
                            sinceAcknowledged = 0;
                            acknowledge(last, answer);
                        }
                        continue;
                    }
                    last = number;
                    attempts = 0;
                    counted.accept(size);
                    if (isEnough.getAsBoolean()) {
                        socket.send(new DatagramPacket(ENOUGH, ENOUGH.length));
                        return;
                    }
                    if (++sinceAcknowledged == terms.window() || size < terms.block()) {
                        sinceAcknowledged = 0;
                        acknowledge(last, answer);
                    }
                    if (size < terms.block()) {
                        return;
                    }
                }
                case ERROR ->
                        throw new IOException(
                                file
                                        + ": "
                                        + new String(
                                                received, 4, size, StandardCharsets.ISO_8859_1));
                default -> throw new IOException("not TFTP: " + received[1]);
            }
        }
    }

    private void acknowledge(int number, DatagramPacket answer) throws IOException {
        acknowledgement[2] = (byte) (number >>> 8);
        acknowledgement[3] = (byte) number;
        socket.send(answer);
    }

    private byte[] request(String file) {
        StringBuilder text = new StringBuilder("\0\1").append(file).append("\0octet\0");
        if (terms.block() != PLAIN_BLOCK) {
            text.append("blksize\0").append(terms.block()).append('\0');
        }
        if (terms.window() != 1) {
            text.append("windowsize\0").append(terms.window()).append('\0');
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }
}
