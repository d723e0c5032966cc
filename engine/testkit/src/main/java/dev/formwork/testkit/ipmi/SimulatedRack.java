package dev.formwork.testkit.ipmi;

import dev.formwork.testkit.Needs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Nodes whose controllers are `ipmi_sim` (OpenIPMI's own simulator, which speaks RMCP+): what a
/// node does is files in a directory. Where there is a program `run` in it, that is called as `run
/// on` and `run off`, and what it starts is the node.
public final class SimulatedRack implements AutoCloseable {
    public static final String USER = "ADMIN";
    public static final String PASSWORD = "secret";

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Path root;
    private final List<Process> controllers = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();
    private final List<SerialLine> lines = new ArrayList<>();

    public SimulatedRack(int nodes) {
        Needs.programs("ipmi_sim", "ipmitool", "sh");
        try {
            root = Files.createTempDirectory("formwork-ipmi-").toRealPath();
            Path script = copy("chassis.sh");
            Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
            Path emulator = copy("sim.emu");
            for (int i = 0; i < nodes; i++) {
                start(i, script, emulator);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        try {
            awaitAnswers();
        } catch (AssertionError silent) {
            close();
            throw silent;
        }
    }

    private void awaitAnswers() {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (int port : ports) {
            while (!answers(port)) {
                if (System.nanoTime() - deadline > 0) {
                    throw new AssertionError("the controller at " + port + " does not answer");
                }
            }
        }
    }

    private Path copy(String name) throws IOException {
        try (InputStream in =
                Objects.requireNonNull(SimulatedRack.class.getResourceAsStream(name), name)) {
            Path copy = root.resolve(name);
            Files.copy(in, copy);
            return copy;
        }
    }

    private void start(int index, Path script, Path emulator) throws IOException {
        Path node = Files.createDirectories(node(index));
        Files.createDirectories(node.resolve("sim"));
        int port = freePort();
        SerialLine line = new SerialLine();
        lines.add(line);
        Path config = node.resolve("lan.conf");
        Files.writeString(
                config,
                """
                name "node"
                set_working_mc 0x20
                startlan 1
                addr 127.0.0.1 %d
                priv_limit admin
                allowed_auths_admin md5
                guid a123456789abcdefa123456789abcdef
                endlan
                chassis_control "%s %s"
                user 2 true "%s" "%s" admin 10 md5
                sol "tcp:127.0.0.1:%d" 115200
                """
                        .formatted(port, script, node, USER, PASSWORD, line.port()));
        controllers.add(
                new ProcessBuilder(
                                "ipmi_sim",
                                "-c",
                                config.toString(),
                                "-f",
                                emulator.toString(),
                                "-s",
                                node.resolve("sim").toString(),
                                "-n")
                        .redirectErrorStream(true)
                        .redirectOutput(node.resolve("sim.log").toFile())
                        .start());
        ports.add(port);
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// Waits a second for it.
    private static boolean answers(int port) {
        try {
            return ipmitool(port, "-N", "1", "-R", "1", "chassis", "power", "status") == 0;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    /// Tells a controller something as somebody else would.
    ///
    /// @return its exit code
    public static int ipmitool(int port, String... command)
            throws IOException, InterruptedException {
        return start(ProcessBuilder.Redirect.DISCARD, port, command).waitFor();
    }

    private static Process start(ProcessBuilder.Redirect output, int port, String... command)
            throws IOException {
        List<String> line =
                new ArrayList<>(
                        List.of("ipmitool", "-I", "lanplus", "-C", "3", "-H", "127.0.0.1", "-p"));
        line.addAll(List.of("" + port, "-U", USER, "-P", PASSWORD));
        line.addAll(List.of(command));
        return new ProcessBuilder(line).redirectErrorStream(true).redirectOutput(output).start();
    }

    /// Has a node print this on its serial port. Whoever listens by the controller hears it; where
    /// nobody does it is lost.
    public void print(int node, byte[] text) {
        lines.get(node).print(text);
    }

    /// Listens to the serial port of a node as somebody else would, until its input is closed.
    public Process listen(int node) throws IOException {
        return start(ProcessBuilder.Redirect.DISCARD, port(node), "sol", "activate");
    }

    /// Whether anybody listens to the serial port of a node (IPMI 2.0, Get Payload Activation
    /// Status).
    public boolean isListenedTo(int node) {
        return answer(port(node), "raw", "0x06", "0x4a", "0x01").strip().startsWith("01 01");
    }

    private static String answer(int port, String... command) {
        try {
            Process process = start(ProcessBuilder.Redirect.PIPE, port, command);
            String said =
                    new String(process.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            process.waitFor();
            return said;
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    public int size() {
        return ports.size();
    }

    public int port(int node) {
        return ports.get(node);
    }

    /// Its state: `on`, `boot`, `identify`, and all that it was told: `commands`.
    public Path node(int index) {
        return root.resolve("node-" + index);
    }

    public boolean isOn(int node) {
        return Files.exists(node(node).resolve("on"));
    }

    /// What it was told since the last [#reset], one a line: `power 1`.
    public List<String> commands(int node) {
        try {
            Path file = node(node).resolve("commands");
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// All nodes are off and as new.
    public void reset() {
        for (int i = 0; i < size(); i++) {
            for (String file : List.of("on", "boot", "identify", "commands", "deaf")) {
                try {
                    Files.deleteIfExists(node(i).resolve(file));
                } catch (IOException failed) {
                    throw new UncheckedIOException(failed);
                }
            }
        }
    }

    /// Stops a controller for a while, as one that hangs.
    public void hang(int node) throws IOException, InterruptedException {
        signal("-STOP", node);
    }

    public void goOn(int node) throws IOException, InterruptedException {
        signal("-CONT", node);
    }

    private void signal(String signal, int node) throws IOException, InterruptedException {
        new ProcessBuilder("kill", signal, Long.toString(controllers.get(node).pid()))
                .start()
                .waitFor();
    }

    @Override
    public void close() {
        controllers.forEach(Process::destroyForcibly);
        lines.forEach(SerialLine::close);
        try {
            for (Process controller : controllers) {
                if (!controller.waitFor(20, TimeUnit.SECONDS)) {
                    throw new AssertionError("a controller does not end");
                }
            }
            try (Stream<Path> files = Files.walk(root)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
