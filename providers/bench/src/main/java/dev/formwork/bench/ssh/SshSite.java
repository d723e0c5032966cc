package dev.formwork.bench.ssh;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Hosts that are addresses of this one, 127.77.x.y, on which OpenSSH's server listens: one for
/// each 16 addresses, which is as many as it takes. They let in one key.
final class SshSite implements AutoCloseable {
    static final String SERVER = "/usr/sbin/sshd";

    private static final int MOST_ADDRESSES = 16;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final long BETWEEN_LOOKS = 10_000_000;

    private final Path folder;
    private final int port;
    private final List<String> addresses;
    private final List<Process> servers = new ArrayList<>();

    private SshSite(Path folder, int port, List<String> addresses) {
        this.folder = folder;
        this.port = port;
        this.addresses = List.copyOf(addresses);
    }

    /// @param folder of its own
    static SshSite start(Path folder, int hosts) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        key(folder.resolve("host"));
        key(folder.resolve("client"));
        Files.copy(folder.resolve("client.pub"), folder.resolve("authorized_keys"));
        if (System.getProperty("user.name").equals("root")) {
            // Root's sshd separates its privileges here.
            Files.createDirectories(Path.of("/run/sshd"));
        }
        List<String> addresses =
                IntStream.range(0, hosts)
                        .mapToObj(i -> "127.77.%d.%d".formatted(i / 250, i % 250 + 1))
                        .toList();
        SshSite site = new SshSite(folder, freePort(), addresses);
        try {
            for (int from = 0; from < hosts; from += MOST_ADDRESSES) {
                site.serve(addresses.subList(from, Math.min(hosts, from + MOST_ADDRESSES)));
            }
            String key = Files.readString(folder.resolve("host.pub")).strip();
            Files.writeString(
                    site.knownHosts(),
                    addresses.stream()
                            .map(each -> "[%s]:%d %s\n".formatted(each, site.port, key))
                            .collect(Collectors.joining()));
            return site;
        } catch (IOException | RuntimeException e) {
            site.close();
            throw e;
        }
    }

    private static void key(Path file) throws IOException, InterruptedException {
        Process made =
                new ProcessBuilder(
                                "ssh-keygen",
                                "-q",
                                "-t",
                                "ed25519",
                                "-N",
                                "",
                                "-f",
                                file.toString())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        if (made.waitFor() != 0) {
            throw new IOException("ssh-keygen made no key");
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void serve(List<String> some) throws IOException {
        Path configuration = folder.resolve("sshd_config-" + servers.size());
        Files.writeString(
                configuration,
                some.stream()
                                .map(each -> "ListenAddress %s:%d\n".formatted(each, port))
                                .collect(Collectors.joining())
                        + """
                        HostKey %1$s/host
                        AuthorizedKeysFile %1$s/authorized_keys
                        StrictModes no
                        UsePAM no
                        PidFile none
                        PasswordAuthentication no
                        KbdInteractiveAuthentication no
                        PermitRootLogin prohibit-password
                        MaxStartups 1000
                        SetEnv HOME=%1$s
                        """
                                .formatted(folder));
        Path log = folder.resolve("sshd-%d.log".formatted(servers.size()));
        servers.add(
                new ProcessBuilder(SERVER, "-D", "-e", "-f", configuration.toString())
                        .redirectErrorStream(true)
                        .redirectInput(new File("/dev/null"))
                        .redirectOutput(log.toFile())
                        .start());
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!answers(some.getLast())) {
            if (System.nanoTime() > end || !servers.getLast().isAlive()) {
                throw new IOException("sshd does not listen: " + Files.readString(log));
            }
            LockSupport.parkNanos(BETWEEN_LOOKS);
        }
    }

    private boolean answers(String address) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), 1000);
            return socket.getInputStream().read() == 'S';
        } catch (IOException _) {
            return false;
        }
    }

    int port() {
        return port;
    }

    List<String> addresses() {
        return addresses;
    }

    Path knownHosts() {
        return folder.resolve("known_hosts");
    }

    Path clientKey() {
        return folder.resolve("client");
    }

    /// Ends all servers and their connections.
    @Override
    public void close() {
        for (Process server : servers) {
            List<ProcessHandle> connections = server.descendants().toList();
            server.destroyForcibly();
            connections.forEach(ProcessHandle::destroyForcibly);
            server.onExit().join();
        }
    }
}
