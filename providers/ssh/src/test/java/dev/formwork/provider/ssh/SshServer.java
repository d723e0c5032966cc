package dev.formwork.provider.ssh;

import dev.formwork.provider.tck.Eventually;
import dev.formwork.testkit.Needs;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Collectors;

/// An OpenSSH server of a test, on loopback addresses, with host keys and settings of its own. Lets
/// in the key `client` of its folder, as the user who runs the test, whose own shell profile is
/// left out.
final class SshServer implements AutoCloseable {
    private static final String PROGRAM = "/usr/sbin/sshd";

    private final Path folder;
    private final List<String> addresses;
    private final int port;
    private final Process process;

    private SshServer(Path folder, List<String> addresses, int port, Process process) {
        this.folder = folder;
        this.addresses = addresses;
        this.port = port;
        this.process = process;
    }

    /// @param folder with the key `client` in it, or else it is made
    /// @param addresses of 127.0.0.0/8, at most 16
    /// @param settings more lines for its configuration
    static SshServer start(Path folder, List<String> addresses, String... settings) {
        Needs.files(PROGRAM);
        Needs.programs("ssh-keygen");
        try {
            prepare(folder);
            return start(folder, addresses, freePort(), settings);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    private static void prepare(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (String key : List.of("host_ed25519", "host_ecdsa", "client")) {
            key(folder, key, key.endsWith("ecdsa") ? "ecdsa" : "ed25519", "");
        }
        // Root's sshd separates its privileges here; Debian makes it when the service starts.
        if (System.getProperty("user.name").equals("root")) {
            Files.createDirectories(Path.of("/run/sshd"));
        }
        Files.copy(
                folder.resolve("client.pub"),
                folder.resolve("authorized_keys"),
                StandardCopyOption.REPLACE_EXISTING);
    }

    private static SshServer start(
            Path folder, List<String> addresses, int port, String... settings) throws IOException {
        Path config = folder.resolve("sshd_config-" + port);
        Files.writeString(
                config,
                // Of two lines the first counts.
                String.join("\n", settings)
                        + "\n"
                        + addresses.stream()
                                .map(address -> "ListenAddress %s:%d\n".formatted(address, port))
                                .collect(Collectors.joining())
                        + """
                        HostKey %1$s/host_ed25519
                        HostKey %1$s/host_ecdsa
                        AuthorizedKeysFile %1$s/authorized_keys
                        StrictModes no
                        UsePAM no
                        PidFile none
                        PasswordAuthentication no
                        KbdInteractiveAuthentication no
                        PermitRootLogin prohibit-password
                        MaxStartups 300
                        MaxSessions 10
                        Subsystem sftp internal-sftp
                        SetEnv HOME=%1$s
                        """
                                .formatted(folder));
        Process process =
                new ProcessBuilder(PROGRAM, "-D", "-e", "-f", config.toString())
                        .redirectErrorStream(true)
                        .redirectInput(new File("/dev/null"))
                        .redirectOutput(folder.resolve("sshd-%d.log".formatted(port)).toFile())
                        .start();
        SshServer server = new SshServer(folder, addresses, port, process);
        try {
            Eventually.holds(
                    "sshd listens: " + folder,
                    () -> {
                        if (!process.isAlive()) {
                            throw new AssertionError(
                                    Files.readString(
                                            folder.resolve("sshd-%d.log".formatted(port))));
                        }
                        return server.answers();
                    });
            return server;
        } catch (RuntimeException | Error failed) {
            process.destroyForcibly();
            throw failed;
        }
    }

    /// Makes a key, if it is not there.
    static void key(Path folder, String name, String type, String passphrase) {
        if (Files.exists(folder.resolve(name))) {
            return;
        }
        try {
            Process made =
                    new ProcessBuilder(
                                    "ssh-keygen",
                                    "-q",
                                    "-t",
                                    type,
                                    "-N",
                                    passphrase,
                                    "-f",
                                    folder.resolve(name).toString())
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start();
            if (made.waitFor() != 0) {
                throw new AssertionError("ssh-keygen failed for " + name);
            }
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException interrupted) {
            throw new AssertionError(interrupted);
        }
    }

    /// One that is free on every loopback address, as far as one can tell.
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket()) {
            socket.setSoTimeout(1000);
            socket.connect(new InetSocketAddress(addresses.getLast(), port), 1000);
            return socket.getInputStream().read() == 'S';
        } catch (IOException notYet) {
            return false;
        }
    }

    Path folder() {
        return folder;
    }

    List<String> addresses() {
        return addresses;
    }

    int port() {
        return port;
    }

    /// The lines that make it known, with the key of one type.
    String known(String type) throws IOException {
        String key = Files.readString(folder.resolve("host_%s.pub".formatted(type))).strip();
        return addresses.stream()
                .map(address -> "[%s]:%d %s\n".formatted(address, port, key))
                .collect(Collectors.joining());
    }

    /// Ends it, with all connections that it has.
    void kill() {
        process.descendants().forEach(SshServer::killIfSession);
        process.destroyForcibly();
        Eventually.holds("sshd is gone", () -> !process.isAlive());
    }

    /// Daemons that a session has left behind are not its children any more.
    private static void killIfSession(ProcessHandle child) {
        if (child.info().command().filter(PROGRAM::equals).isPresent()) {
            child.destroyForcibly();
        }
    }

    /// The same server, started again.
    SshServer again() {
        try {
            return start(folder, addresses, port);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        kill();
    }
}
