package dev.formwork.testkit.lab;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/// A network segment in namespaces of its own, with a bridge at 10.77.0.1 and machines on it.
/// Whatever is in it ends with it.
public final class Lab implements AutoCloseable {
    public static final String OVMF = "/usr/share/OVMF";

    private static final List<String> QUICK_TO_START =
            List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");

    private static final AtomicInteger NEXT = new AtomicInteger();

    /// The firmware that a machine starts with.
    public enum Firmware {
        BIOS,
        UEFI_PXE,
        UEFI_HTTP
    }

    private final Path folder;

    private final String name =
            "fwboot" + ProcessHandle.current().pid() + "-" + NEXT.incrementAndGet();
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private int taps;

    /// For a JVM that ends in the middle of a test.
    private final Thread atExit = new Thread(this::end, "lab-end");

    /// @param folder for what machines keep
    public Lab(Path folder) throws Exception {
        this.folder = folder;
        Runtime.getRuntime().addShutdownHook(atExit);
        try {
            namespace(name);
            bridge("br0", "10.77.0.1/24");
            in("ip addr add fd77::1/64 dev br0 nodad");
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    /// Its namespace.
    public String name() {
        return name;
    }

    /// Another segment, with a bridge in the same namespace.
    public void bridge(String bridge, String address) throws Exception {
        in("ip link add " + bridge + " type bridge stp_state 0 forward_delay 0 mcast_snooping 0");
        in("ip addr add " + address + " dev " + bridge);
        in("ip link set " + bridge + " up");
    }

    /// A host of its own on the segment, in a namespace of its own; its name.
    public String host(String address) throws Exception {
        return host("br0", address);
    }

    /// The same, on one of several segments.
    public String host(String bridge, String address) throws Exception {
        taps++;
        String host = name + "-" + taps;
        namespace(host);
        in("ip link add v" + taps + " type veth peer name eth0 netns " + host);
        in("ip link set v" + taps + " master " + bridge + " up");
        run("ip", "-n", host, "addr", "add", address, "dev", "eth0");
        run("ip", "-n", host, "link", "set", "eth0", "up");
        return host;
    }

    /// Pulls the cable of a host, or puts it in again.
    public static void plug(String host, boolean in) throws Exception {
        run("ip", "-n", host, "link", "set", "eth0", in ? "up" : "down");
    }

    /// A program of the test's class path, in the namespace of the bridge: one that is ready soon.
    public Running program(String what, String mainClass, String... arguments) throws IOException {
        return program(what, name, QUICK_TO_START, mainClass, arguments);
    }

    /// A program of this one's class path.
    ///
    /// @param options for its JVM
    public Running program(
            String what,
            String namespace,
            List<String> options,
            String mainClass,
            String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--enable-native-access=ALL-UNNAMED");
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
        command.addAll(List.of(arguments));
        return start(what, namespace, command);
    }

    /// Says that there is IPv6, as iPXE waits 16 seconds for it, and nothing else.
    public Running routerAdvertiser() throws IOException {
        return dnsmasq("ra", name, "--interface=br0", "--enable-ra", "--dhcp-range=fd77::,ra-only");
    }

    /// A dnsmasq that does nothing but what it is told.
    public Running dnsmasq(String what, String namespace, String... does) throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "dnsmasq",
                                "--keep-in-foreground",
                                "--conf-file=/dev/null",
                                "--user=root",
                                "--pid-file=",
                                "--log-facility=-",
                                "--port=0"));
        command.addAll(List.of(does));
        return start(what, namespace, command);
    }

    public Running start(String what, String namespace, List<String> command) throws IOException {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        all.addAll(command);
        Running running = new Running(what, all);
        parts.push(running);
        return running;
    }

    /// Powers a machine on; its console.
    public Running machine(Firmware firmware, String mac, String... more) throws Exception {
        taps++;
        String tap = "tap" + taps;
        in("ip tuntap add " + tap + " mode tap");
        in("ip link set " + tap + " master br0 up");
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "qemu-system-x86_64",
                                "-accel",
                                "tcg",
                                "-nodefaults",
                                "-display",
                                "none",
                                "-no-reboot",
                                "-serial",
                                "stdio",
                                "-netdev",
                                "tap,id=n0,ifname=" + tap + ",script=no,downscript=no"));
        String card = "virtio-net-pci,netdev=n0,mac=" + mac;
        if (firmware == Firmware.BIOS) {
            command.addAll(List.of("-m", "256", "-device", card, "-boot", "n"));
        } else {
            Path variables = folder.resolve("vars-" + tap);
            Files.copy(Path.of(OVMF, "OVMF_VARS_4M.fd"), variables);
            command.addAll(
                    List.of(
                            "-machine",
                            "q35",
                            "-m",
                            "512",
                            "-drive",
                            "if=pflash,format=raw,unit=0,readonly=on,file="
                                    + OVMF
                                    + "/OVMF_CODE_4M.fd",
                            "-drive",
                            "if=pflash,format=raw,unit=1,file=" + variables,
                            "-device",
                            card + ",bootindex=1,romfile="));
        }
        if (firmware == Firmware.UEFI_HTTP) {
            for (String version : List.of("4", "6")) {
                command.add("-fw_cfg");
                command.add("name=opt/org.tianocore/IPv" + version + "PXESupport,string=no");
            }
        }
        command.addAll(List.of(more));
        return start(firmware + " " + mac, name, command);
    }

    /// Runs a command of this host in a namespace until it ends; what it says.
    ///
    /// @throws IOException where it does not end well
    public static String execute(String namespace, String... command)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        all.addAll(List.of(command));
        return run(all.toArray(String[]::new));
    }

    @Override
    public void close() {
        end();
        try {
            Runtime.getRuntime().removeShutdownHook(atExit);
        } catch (IllegalStateException e) {
            return; // The JVM ends, and so ran the hook.
        }
    }

    private synchronized void end() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                System.err.println("A part of the lab does not end: " + e);
            }
        }
    }

    private void namespace(String namespace) throws Exception {
        run("ip", "netns", "add", namespace);
        parts.push(() -> run("ip", "netns", "delete", namespace));
        run("ip", "-n", namespace, "link", "set", "lo", "up");
    }

    private void in(String command) throws Exception {
        List<String> words = new ArrayList<>(Arrays.asList(command.split(" ", -1)));
        words.addAll(1, List.of("-n", name));
        run(words.toArray(String[]::new));
    }

    private static String run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + output);
        }
        return output;
    }
}
