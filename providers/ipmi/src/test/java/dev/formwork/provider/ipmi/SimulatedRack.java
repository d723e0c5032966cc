package dev.formwork.provider.ipmi;

import dev.formwork.model.value.Value;
import dev.formwork.provider.tck.Eventually;
import dev.formwork.testkit.Needs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Nodes whose controllers are `ipmi_sim` (OpenIPMI's own simulator, which speaks RMCP+): what a
/// node does is files in a directory.
final class SimulatedRack implements AutoCloseable {
    static final String USER = "ADMIN";
    static final String PASSWORD = "secret";

    private final Path root;
    private final List<Process> controllers = new ArrayList<>();
    private final List<Integer> ports = new ArrayList<>();

    SimulatedRack(int nodes) {
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
            for (int port : ports) {
                Eventually.holds("the controller at " + port + " answers", () -> answers(port));
            }
        } catch (AssertionError silent) {
            close();
            throw silent;
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
                """
                        .formatted(port, script, node, USER, PASSWORD));
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

    private static boolean answers(int port) throws IOException, InterruptedException {
        return ipmitool(port, "-N", "1", "-R", "1", "chassis", "power", "status") == 0;
    }

    /// Tells a controller something as somebody else would.
    static int ipmitool(int port, String... command) throws IOException, InterruptedException {
        List<String> line =
                new ArrayList<>(
                        List.of("ipmitool", "-I", "lanplus", "-C", "3", "-H", "127.0.0.1", "-p"));
        line.addAll(List.of("" + port, "-U", USER, "-P", PASSWORD));
        line.addAll(List.of(command));
        Process process =
                new ProcessBuilder(line)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        return process.waitFor();
    }

    int size() {
        return ports.size();
    }

    int port(int node) {
        return ports.get(node);
    }

    /// Its state: `on`, `boot`, `identify`, and all that it was told: `commands`.
    Path node(int index) {
        return root.resolve("node-" + index);
    }

    boolean isOn(int node) {
        return Files.exists(node(node).resolve("on"));
    }

    /// What it was told since the last [#reset], one a line: `power 1`.
    List<String> commands(int node) {
        try {
            Path file = node(node).resolve("commands");
            return Files.exists(file) ? Files.readAllLines(file) : List.of();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    /// One node as a configuration names it.
    Value configured(int index) {
        return Value.of(
                Map.of(
                        "name",
                        Value.of("node-" + index),
                        "address",
                        Value.of("127.0.0.1"),
                        "port",
                        Value.of(port(index)),
                        "macs",
                        Value.of(List.of(Value.of("52:54:00:00:00:%02x".formatted(index))))));
    }

    /// All nodes are off and as new.
    void reset() {
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
    void hang(int node) throws IOException, InterruptedException {
        signal("-STOP", node);
    }

    void goOn(int node) throws IOException, InterruptedException {
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
