package dev.formwork.postgres;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// A PostgreSQL server of its own on a free port of the loopback, gone when it is closed or this
/// process ends, however it ends. Thread-safe.
///
/// PostgreSQL refuses to run as root, so there it runs as `postgres`.
public final class PostgresServer implements AutoCloseable {
    public static final String USER = "formwork";
    public static final String PASSWORD = "not a secret: 'only' for tests\\";

    private static final String READY = "database system is ready to accept connections";
    private static final String OTHER_USER = "postgres";
    private static final int ATTEMPTS = 5;
    private static final long PATIENCE_SECONDS = 60;

    /// Stops the server when standard input ends, which it does with the process that holds it.
    private static final String WITH_US =
            "exec 3<&0; \"$@\" & server=$!; cat <&3 >/dev/null; kill -INT $server; wait $server";

    private final Programs programs;
    private final Path directory;
    private final Settings settings;
    private final int port;
    private Running running;

    private PostgresServer(
            Programs programs, Path directory, Settings settings, int port, Running running) {
        this.programs = programs;
        this.directory = directory;
        this.settings = settings;
        this.port = port;
        this.running = running;
    }

    /// @param given as `name=value`
    /// @param log takes each line of its log, from a thread of its own
    private record Settings(List<String> given, Consumer<String> log) {}

    /// @param output the thread that reads its log
    private record Running(Process process, Thread output) {}

    /// How it is called on this host.
    ///
    /// @param bin where `initdb` and `postgres` are
    /// @param prefix what runs a program as a user that PostgreSQL puts up with
    private record Programs(Path bin, List<String> prefix) {
        List<String> command(String name, List<String> arguments) {
            List<String> command = new ArrayList<>(prefix);
            command.add(bin.resolve(name).toString());
            command.addAll(arguments);
            return command;
        }
    }

    /// Why no server can be started here, if none can.
    public static Optional<String> missing() {
        if (bin().isEmpty()) {
            return Optional.of("PostgreSQL is not installed (Debian: apt-get install postgresql)");
        }
        if (isRoot() && !isOnPath("setpriv")) {
            return Optional.of("there is no setpriv, and PostgreSQL does not run as root");
        }
        return Optional.empty();
    }

    /// Starts one that forces commits to the disk, as a real one does.
    ///
    /// @param parent where its directory is made; other users must be able to enter it
    public static PostgresServer durable(Path parent) throws IOException {
        return start(parent, new Settings(List.of(), _ -> {}));
    }

    /// Starts one that keeps commits over the end of its processes, but not over a power loss,
    /// which no test brings about; so tests are quicker.
    public static PostgresServer quick() throws IOException {
        return quick(List.of(), _ -> {});
    }

    /// Starts one as [#quick] that tells what it is told.
    ///
    /// @param log takes each line of its log, on a thread of its own, until [#close] returns: each
    ///   statement after the name of the application that sent it, and `|`
    public static PostgresServer recording(Consumer<String> log) throws IOException {
        return quick(
                List.of("log_statement=all", "log_line_prefix=%a|", "log_parameter_max_length=0"),
                log);
    }

    private static PostgresServer quick(List<String> more, Consumer<String> log)
            throws IOException {
        List<String> given = new ArrayList<>(List.of("fsync=off", "full_page_writes=off"));
        given.addAll(more);
        return start(Path.of(System.getProperty("java.io.tmpdir")), new Settings(given, log));
    }

    private static PostgresServer start(Path parent, Settings settings) throws IOException {
        Path bin = bin().orElseThrow(() -> new IOException(missing().orElse("not installed")));
        List<String> prefix =
                isRoot()
                        ? List.of(
                                "setpriv",
                                "--reuid=" + OTHER_USER,
                                "--regid=" + OTHER_USER,
                                "--clear-groups")
                        : List.of();
        Programs programs = new Programs(bin, prefix);
        Path directory = Files.createTempDirectory(parent, "formwork-postgres");
        try {
            Path passwordFile = directory.resolve("password");
            Files.writeString(passwordFile, PASSWORD + "\n");
            if (isRoot()) {
                run(directory, List.of("chown", "-R", OTHER_USER, directory.toString()));
            }
            run(
                    directory,
                    programs.command(
                            "initdb",
                            List.of(
                                    "-D",
                                    directory.resolve("data").toString(),
                                    "-U",
                                    USER,
                                    "--pwfile=" + passwordFile,
                                    "--auth=scram-sha-256",
                                    "--encoding=UTF8",
                                    "--locale=C.UTF-8",
                                    "--no-sync")));
            return launch(programs, directory, settings);
        } catch (IOException | RuntimeException e) {
            delete(directory);
            throw e;
        }
    }

    private static PostgresServer launch(Programs programs, Path directory, Settings settings)
            throws IOException {
        IOException last = new IOException("not tried");
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            int port = freePort();
            try {
                return new PostgresServer(
                        programs,
                        directory,
                        settings,
                        port,
                        run(programs, directory, settings, port));
            } catch (IOException e) {
                last = e; // Somebody took the port in between.
            }
        }
        throw last;
    }

    private static Running run(Programs programs, Path directory, Settings settings, int port)
            throws IOException {
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of("-D", directory.resolve("data").toString(), "-p", "" + port));
        Stream.concat(
                        Stream.of(
                                "listen_addresses=127.0.0.1",
                                "unix_socket_directories=",
                                "lc_messages=C",
                                "max_connections=200"),
                        settings.given().stream())
                .forEach(setting -> arguments.addAll(List.of("-c", setting)));
        List<String> command = new ArrayList<>(List.of("/bin/sh", "-c", WITH_US, "sh"));
        command.addAll(programs.command("postgres", arguments));
        Process process =
                new ProcessBuilder(command)
                        .directory(directory.toFile())
                        .redirectErrorStream(true)
                        .start();
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        StringBuilder said = new StringBuilder();
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            said.append(line).append('\n');
            if (line.contains(READY)) {
                Thread output =
                        Thread.ofVirtual()
                                .name("postgres-output")
                                .start(() -> drain(out, settings.log()));
                return new Running(process, output);
            }
            if (line.contains("FATAL") || line.contains("database system is shut down")) {
                break;
            }
        }
        end(process);
        throw new IOException("PostgreSQL did not start:\n" + said);
    }

    public int port() {
        return port;
    }

    /// Makes an empty database.
    ///
    /// @param name of small letters, digits and `_`
    public void createDatabase(String name) {
        sql("postgres", "create database " + name);
    }

    /// What psql answers, without decoration.
    public String sql(String database, String sql) {
        List<String> command =
                List.of(
                        programs.bin().resolve("psql").toString(),
                        "-h127.0.0.1",
                        "-p" + port,
                        "-U" + USER,
                        "-d" + database,
                        "-XAtq",
                        "-vON_ERROR_STOP=1",
                        "-c",
                        sql);
        try {
            return run(directory, command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Kills all its processes at once, as a crash does.
    public void crash() throws IOException {
        String postmaster =
                Files.readAllLines(directory.resolve("data/postmaster.pid")).getFirst().strip();
        run(directory, List.of("kill", "-QUIT", postmaster));
        end(running);
    }

    /// Starts it again, on the same port, after [#crash].
    public void restart() throws IOException {
        running = run(programs, directory, settings, port);
    }

    @Override
    public void close() {
        end(running);
        delete(directory);
    }

    private static void end(Running running) {
        end(running.process());
        try {
            running.output().join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static void end(Process process) {
        try {
            process.getOutputStream().close();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException _) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private static String run(Path directory, List<String> command) throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.put("PGPASSWORD", PASSWORD);
        environment.put("LC_ALL", "C.UTF-8");
        Process process = builder.start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException(String.join(" ", command) + ":\n" + output);
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        return output.strip();
    }

    private static void drain(BufferedReader out, Consumer<String> log) {
        try {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                log.accept(line);
            }
        } catch (IOException _) {
            // It has ended.
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// The newest of those that Debian installs side by side, or what is on the path.
    private static Optional<Path> bin() {
        try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
            Optional<Path> newest =
                    versions.filter(each -> Files.isExecutable(each.resolve("bin/postgres")))
                            .max(Comparator.comparingInt(PostgresServer::version));
            if (newest.isPresent()) {
                return newest.map(each -> each.resolve("bin"));
            }
        } catch (IOException _) {
            // Not Debian's.
        }
        return path().filter(each -> Files.isExecutable(each.resolve("initdb"))).findFirst();
    }

    private static int version(Path directory) {
        String name = directory.getFileName().toString();
        return name.matches("[0-9]{1,4}") ? Integer.parseInt(name) : 0;
    }

    private static boolean isOnPath(String name) {
        return path().anyMatch(each -> Files.isExecutable(each.resolve(name)));
    }

    private static Stream<Path> path() {
        String path = System.getenv("PATH");
        return path == null
                ? Stream.empty()
                : Arrays.stream(path.split(File.pathSeparator, -1)).map(Path::of);
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static void delete(Path directory) {
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + directory, e);
        }
    }
}
