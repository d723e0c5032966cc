package dev.formwork.bench.ssh;

import dev.formwork.provider.ssh.connection.Answer;
import dev.formwork.provider.ssh.connection.Keys;
import dev.formwork.provider.ssh.connection.RemoteHosts;
import dev.formwork.provider.ssh.inventory.Host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Ours, as a program: runs a command on all hosts over the connections of the ssh provider, and
/// again for each octet of its standard input, with connections that are made anew where that says
/// so. Says each time on how many hosts it did as it should.
final class FanOutProgram {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final int AGAIN = 'a';
    private static final int ANEW = 'n';

    private FanOutProgram() {}

    /// @param arguments the port, a file with an address in each line, the client's key, the known
    ///   hosts, how many at once, the user
    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        List<Host> hosts =
                Files.readAllLines(Path.of(arguments[1])).stream()
                        .map(address -> host(address, port, arguments[5]))
                        .toList();
        Keys keys = new Keys(List.of(Path.of(arguments[2])), null, Optional.empty());
        RemoteHosts.Limits limits =
                new RemoteHosts.Limits(Integer.parseInt(arguments[4]), PATIENCE, PATIENCE);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            int asked;
            do {
                try (RemoteHosts remote = new RemoteHosts(keys, Path.of(arguments[3]), limits)) {
                    do {
                        System.out.println(did(remote, hosts, callers));
                        asked = System.in.read();
                    } while (asked == AGAIN);
                }
            } while (asked == ANEW);
        }
    }

    private static Host host(String address, int port, String user) {
        return new Host(
                address,
                address,
                port,
                user,
                null,
                List.of(),
                "/var/lib/formwork",
                Optional.empty(),
                Set.of(),
                Map.of(),
                false);
    }

    private static int did(RemoteHosts remote, List<Host> hosts, ExecutorService callers)
            throws Exception {
        List<Future<Answer>> answers = new ArrayList<>();
        for (Host host : hosts) {
            answers.add(callers.submit(() -> remote.run(host, "echo ok")));
        }
        int did = 0;
        for (Future<Answer> each : answers) {
            Answer answer = each.get();
            if (answer.status() == 0 && answer.lines().equals(List.of("ok"))) {
                did++;
            }
        }
        return did;
    }

    /// The program, in a process of its own.
    static final class Started implements AutoCloseable {
        private final Process process;

        private Started(Process process) {
            this.process = process;
        }

        static Started on(SshSite site, Path addresses, int parallel) throws IOException {
            return new Started(
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    FanOutProgram.class.getName(),
                                    Integer.toString(site.port()),
                                    addresses.toString(),
                                    site.clientKey().toString(),
                                    site.knownHosts().toString(),
                                    Integer.toString(parallel),
                                    System.getProperty("user.name"))
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start());
        }

        /// Waits until the command was run on all hosts.
        ///
        /// @throws IOException where it was not as it should on one
        void require(int hosts) throws IOException {
            String line = process.inputReader().readLine();
            if (!Integer.toString(hosts).equals(line)) {
                throw new IOException("it did on %s of %d hosts".formatted(line, hosts));
            }
        }

        /// Runs the command once more, over the connections that are there.
        void again() throws IOException {
            ask(AGAIN);
        }

        /// Runs the command once more, with new connections.
        void anew() throws IOException {
            ask(ANEW);
        }

        private void ask(int how) throws IOException {
            process.getOutputStream().write(how);
            process.getOutputStream().flush();
        }

        /// Seconds that it has used.
        double cpu() throws IOException {
            return CpuTime.of(process.toHandle());
        }

        @Override
        public void close() {
            process.destroyForcibly();
            process.onExit().join();
        }
    }
}
