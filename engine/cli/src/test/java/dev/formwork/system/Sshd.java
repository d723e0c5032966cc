package dev.formwork.system;

import dev.formwork.testkit.Needs;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// OpenSSH's server at 127.79.0.1, whose home directory is a folder, for one client.
final class Sshd implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Process process;
    private final Path folder;
    private final int port;

    private Sshd(Process process, Path folder, int port) {
        this.process = process;
        this.folder = folder;
        this.port = port;
    }

    /// @param folder where its files are, and the client's: `client` (its key), `known_hosts`
    static Sshd start(Path folder) throws IOException, InterruptedException {
        Needs.files("/usr/sbin/sshd");
        Needs.programs("ssh-keygen");
        for (String key : List.of("host-key", "client")) {
            Process made =
                    new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key)
                            .directory(folder.toFile())
                            .inheritIO()
                            .start();
            if (made.waitFor() != 0) {
                throw new AssertionError("ssh-keygen failed");
            }
        }
        if (System.getProperty("user.name").equals("root")) {
            Files.createDirectories(Path.of("/run/sshd"));
        }
        int port = freePort();
        Files.writeString(
                folder.resolve("sshd_config"),
                """
                Port %1$d
                ListenAddress 127.79.0.1
                HostKey %2$s/host-key
                AuthorizedKeysFile %2$s/client.pub
                StrictModes no
                UsePAM no
                PidFile none
                PasswordAuthentication no
                SetEnv HOME=%2$s
                Subsystem sftp internal-sftp
                """
                        .formatted(port, folder));
        Files.writeString(
                folder.resolve("known_hosts"),
                "[127.79.0.1]:%d %s"
                        .formatted(port, Files.readString(folder.resolve("host-key.pub"))));
        Process sshd =
                new ProcessBuilder(
                                "/usr/sbin/sshd",
                                "-D",
                                "-e",
                                "-f",
                                folder.resolve("sshd_config").toString())
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("sshd.log").toFile())
                        .start();
        Await.until("sshd listens", PATIENCE, () -> answers(port));
        return new Sshd(sshd, folder, port);
    }

    /// The configuration of a provider of type ssh, for hosts by these names: all of them are this
    /// one, with a folder each.
    String provider(String first, String... more) {
        StringBuilder hosts = new StringBuilder(host(first, "host"));
        for (String each : more) {
            hosts.append(", ").append(host(each, "host-" + each));
        }
        return """
        type: ssh
        hosts: [%s]
        keys: [%s]
        known_hosts: %s
        ssh_agent: none
        """
                .formatted(hosts, folder.resolve("client"), folder.resolve("known_hosts"));
    }

    private String host(String name, String directory) {
        return "{name: %s, address: 127.79.0.1, port: %d, directory: %s}"
                .formatted(name, port, folder.resolve(directory));
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }

    private static boolean answers(int port) {
        try (Socket socket =
                new Socket(InetAddress.getByAddress(new byte[] {127, 79, 0, 1}), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
