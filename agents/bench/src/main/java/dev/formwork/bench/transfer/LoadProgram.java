package dev.formwork.bench.transfer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;

/// A process that loads one file again and again, by several connections at once, and says how much
/// of it came in a second. It does not count the first second.
final class LoadProgram {
    private static final String TOLD = "PER SECOND ";

    private final LongAdder octets = new LongAdder();
    private final CountDownLatch failed = new CountDownLatch(1);
    private volatile boolean isOver;

    private LoadProgram() {}

    /// Loads until it is over.
    @FunctionalInterface
    private interface Client {
        void load(LongConsumer counted) throws IOException;
    }

    /// @param arguments seconds, server, port, path, clients; for TFTP block and window
    public static void main(String[] arguments) throws Exception {
        InetAddress any = InetAddress.getByName("0.0.0.0");
        InetSocketAddress server =
                new InetSocketAddress(arguments[1], Integer.parseInt(arguments[2]));
        String path = arguments[3];
        int clients = Integer.parseInt(arguments[4]);
        LoadProgram program = new LoadProgram();
        Client client =
                arguments.length == 5
                        ? counted -> program.http(any, server, path, counted)
                        : counted ->
                                program.tftp(
                                        any,
                                        server,
                                        path,
                                        new TransferSizes.Tftp(
                                                Integer.parseInt(arguments[5]),
                                                Integer.parseInt(arguments[6]),
                                                clients),
                                        counted);
        System.out.println(TOLD + program.run(client, clients, Integer.parseInt(arguments[0])));
    }

    /// Octets in a second, of what such a process has said.
    static double parse(List<String> said) throws IOException {
        return said.stream()
                .filter(line -> line.startsWith(TOLD))
                .mapToDouble(line -> Double.parseDouble(line.substring(TOLD.length())))
                .findFirst()
                .orElseThrow(() -> new IOException("nothing came: " + String.join("\n", said)));
    }

    private double run(Client client, int clients, int seconds) throws Exception {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            threads.add(Thread.ofPlatform().name("client-" + i).daemon().start(() -> load(client)));
        }
        await(1);
        long before = octets.sum();
        long began = System.nanoTime();
        await(seconds);
        double perSecond = (octets.sum() - before) * 1e9 / (System.nanoTime() - began);
        isOver = true;
        for (Thread thread : threads) {
            thread.join();
        }
        return perSecond;
    }

    private void await(int seconds) throws IOException, InterruptedException {
        if (failed.await(seconds, TimeUnit.SECONDS)) {
            throw new IOException("a client failed");
        }
    }

    private void load(Client client) {
        try {
            while (!isOver) {
                client.load(octets::add);
            }
        } catch (IOException e) {
            if (!isOver) {
                System.out.println("failed: " + e);
                failed.countDown();
            }
        }
    }

    private void http(InetAddress any, InetSocketAddress server, String path, LongConsumer counted)
            throws IOException {
        try (HttpConnection connection = new HttpConnection(any, server)) {
            while (!isOver) {
                connection.get(path, counted, () -> isOver);
            }
        }
    }

    private void tftp(
            InetAddress any,
            InetSocketAddress server,
            String path,
            TransferSizes.Tftp terms,
            LongConsumer counted)
            throws IOException {
        TftpDownload.get(any, server, path, terms, counted, () -> isOver);
    }
}
