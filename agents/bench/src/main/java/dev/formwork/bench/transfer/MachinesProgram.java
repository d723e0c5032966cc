package dev.formwork.bench.transfer;

import dev.formwork.bench.network.Segment;
import dev.formwork.bench.network.ServedSite;
import dev.formwork.boot.address.HardwareAddress;
import dev.formwork.boot.address.Octets;
import dev.formwork.boot.dhcp.DhcpOptions;
import dev.formwork.boot.dhcp.Option;
import dev.formwork.boot.tftp.TftpServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.LongAdder;

/// A process in which many machines boot at the same time, each with an address of its own: what a
/// BIOS and then iPXE ask for, in that order, without the time that they need themselves.
final class MachinesProgram {
    static final String MACS = "52:54:00:99";

    private static final String TOLD = "BOOTED ";
    private static final TransferSizes.Tftp FIRMWARE = new TransferSizes.Tftp(1456, 1, 1);
    private static final DhcpOptions BIOS =
            DhcpOptions.builder()
                    .put(Option.VENDOR_CLASS, "PXEClient:Arch:00000:UNDI:002001")
                    .put(Option.CLIENT_ARCHITECTURE, Octets.of(0, 0))
                    .build();

    /// Suboption 19 of option 175: it loads by HTTP.
    private static final DhcpOptions IPXE =
            BIOS.toBuilder()
                    .put(Option.USER_CLASS, "iPXE")
                    .put(Option.IPXE, Octets.of(19, 1, 1))
                    .build();

    private final InetAddress server = InetAddress.getByName(Segment.SERVER);
    private final String folder;
    private final LongAdder octets = new LongAdder();

    private MachinesProgram(String folder) throws IOException {
        this.folder = folder;
    }

    /// What came of it.
    ///
    /// @param seconds from when all are powered on until the last has its last octet
    /// @param firstSeconds until the first has
    /// @param octets of all files
    record Booted(double seconds, double firstSeconds, long octets) {
        private String line() {
            return TOLD + seconds + " " + firstSeconds + " " + octets;
        }

        static Booted parse(List<String> said) throws IOException {
            String[] words =
                    said.stream()
                            .filter(line -> line.startsWith(TOLD))
                            .findFirst()
                            .orElseThrow(() ->
                                    new IOException(
                                            "the machines do not boot: " + String.join("\n", said)))
                            .substring(TOLD.length())
                            .split(" ", -1);
            return new Booted(
                    Double.parseDouble(words[0]),
                    Double.parseDouble(words[1]),
                    Long.parseLong(words[2]));
        }
    }

    /// @param arguments machines, the folder of what they boot, a number for this time
    public static void main(String[] arguments) throws Exception {
        MachinesProgram program = new MachinesProgram(arguments[1]);
        int time = Integer.parseInt(arguments[2]);
        try (RelayAgent relay = new RelayAgent(program.server)) {
            // One by itself: this process is to be as quick as it gets.
            program.boot(relay, card(time, 255));
            System.out.println(program.boot(relay, Integer.parseInt(arguments[0]), time).line());
        }
    }

    private static HardwareAddress card(int time, int number) {
        return HardwareAddress.parse(MACS + ":%02x:%02x".formatted(time, number));
    }

    private Booted boot(RelayAgent relay, int machines, int time) throws Exception {
        octets.reset();
        CountDownLatch power = new CountDownLatch(1);
        try (ExecutorService all =
                Executors.newFixedThreadPool(
                        machines, Thread.ofPlatform().name("machine-", 0).daemon().factory())) {
            List<Future<Long>> ends = new ArrayList<>();
            for (int i = 0; i < machines; i++) {
                HardwareAddress card = card(time, i);
                ends.add(
                        all.submit(() -> {
                            power.await();
                            boot(relay, card);
                            return System.nanoTime();
                        }));
            }
            long began = System.nanoTime();
            power.countDown();
            long first = Long.MAX_VALUE;
            long last = began;
            for (Future<Long> end : ends) {
                first = Math.min(first, end.get());
                last = Math.max(last, end.get());
            }
            return new Booted((last - began) / 1e9, (first - began) / 1e9, octets.sum());
        }
    }

    private void boot(RelayAgent relay, HardwareAddress card)
            throws IOException, InterruptedException {
        InetAddress firmware = relay.address(card, BIOS).inet();
        TftpDownload.get(
                firmware,
                new InetSocketAddress(server, TftpServer.PORT),
                "undionly.kpxe",
                FIRMWARE,
                octets::add,
                () -> false);
        InetAddress local = relay.address(card, IPXE).inet();
        try (HttpConnection connection =
                new HttpConnection(local, new InetSocketAddress(server, ServedSite.HTTP_PORT))) {
            connection.get("/boot.ipxe", octets::add, () -> false);
            connection.get(
                    "/boot/script?mac=" + card + "&platform=pcbios", octets::add, () -> false);
            connection.get("/" + folder + "/kernel", octets::add, () -> false);
            connection.get("/" + folder + "/initrd", octets::add, () -> false);
        }
    }
}
