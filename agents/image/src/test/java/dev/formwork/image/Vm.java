package dev.formwork.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A machine in QEMU, without KVM, on a network of its own where 10.0.2.2 is this host. It ends
/// when it is powered off or reboots.
final class Vm implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 120;

    private final Process process;
    private final Path console;

    private Vm(Process process, Path console) {
        this.process = process;
        this.console = console;
    }

    /// @param arguments of the kernel
    /// @param more of QEMU
    static Vm boot(Image image, int megabytes, String arguments, Path console, String... more)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.addAll(
                List.of(
                        "qemu-system-x86_64",
                        "-accel",
                        "tcg",
                        "-m",
                        Integer.toString(megabytes),
                        "-display",
                        "none",
                        "-monitor",
                        "stdio",
                        "-no-reboot",
                        "-serial",
                        "file:" + console,
                        "-kernel",
                        image.kernel().toString(),
                        "-initrd",
                        image.initrd().toString(),
                        "-append",
                        "console=ttyS0 " + arguments));
        command.addAll(List.of(more));
        return new Vm(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(console.resolveSibling("qemu.log").toFile())
                        .start(),
                console);
    }

    /// One virtio network card, with the host's side behind it.
    static String[] network() {
        return new String[] {
            "-netdev", "user,id=n0", "-device", "virtio-net-pci,netdev=n0,romfile="
        };
    }

    /// The same, with a port of this host that leads to the machine's SSH server; and another card,
    /// with the address 52:54:00:00:00:02, that nobody is at the other end of.
    static String[] networks(int sshPort) {
        return new String[] {
            "-netdev", "user,id=n0,hostfwd=tcp:127.0.0.1:" + sshPort + "-:22",
            "-device", "virtio-net-pci,netdev=n0,romfile=",
            "-netdev", "hubport,id=n1,hubid=1",
            "-device", "virtio-net-pci,netdev=n1,mac=52:54:00:00:00:02,romfile="
        };
    }

    /// The same card, on a cable that nobody is at the other end of.
    static String[] deafNetwork() {
        return new String[] {
            "-netdev", "hubport,id=n0,hubid=0", "-device", "virtio-net-pci,netdev=n0,romfile="
        };
    }

    /// Pulls the cable of a network, or puts it in again: by QEMU's monitor.
    void plug(String network, boolean in) throws IOException {
        String command = "set_link " + network + (in ? " on" : " off") + "\n";
        process.getOutputStream().write(command.getBytes(StandardCharsets.US_ASCII));
        process.getOutputStream().flush();
    }

    String console() {
        try {
            return Files.exists(console)
                    ? Files.readString(console, StandardCharsets.ISO_8859_1)
                    : "";
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /// Waits until the machine has said something on its console.
    void awaitConsole(String part) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!console().contains(part)) {
            if (System.nanoTime() > end || process.waitFor(50, TimeUnit.MILLISECONDS)) {
                if (console().contains(part)) {
                    return;
                }
                throw new AssertionError("not on the console: " + part + "\n" + console());
            }
        }
    }

    /// Waits until the machine is off.
    void awaitOff() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("the machine does not go off\n" + console());
        }
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
