package dev.formwork.provider.ssh;

import static dev.formwork.provider.ssh.MachineRequests.request;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.formwork.model.EngineId;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.Provider;
import dev.formwork.provider.ssh.connection.Answer;
import dev.formwork.provider.ssh.connection.Upload;
import dev.formwork.provider.tck.Eventually;
import dev.formwork.testkit.FolderProcesses;
import dev.formwork.testkit.Needs;
import dev.formwork.testkit.ProcessTree;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// How hosts are reached, and how it is told that they are not: against OpenSSH's own server.
class ReachesHostsIT {
    private static final EngineId ENGINE = new EngineId("engine-one");

    private final SshBench bench = new SshBench(2);
    private final SshServer server = bench.servers.getFirst();
    private final Path known = bench.root.resolve("known_hosts");
    private final List<AutoCloseable> others = new ArrayList<>();

    @AfterEach
    void endAll() throws Exception {
        for (AutoCloseable other : others) {
            other.close();
        }
        bench.close();
    }

    private InstanceLifecycle open() {
        Provider provider = bench.open(ENGINE);
        others.add(provider);
        return provider.capability(InstanceLifecycle.class);
    }

    private static ProblemException failureOf(InstanceLifecycle lifecycle) {
        return catchThrowableOfType(ProblemException.class, lifecycle::list);
    }

    /// Just one host, at some port.
    private void oneHost(int port) {
        bench.with(
                "hosts", Value.of(List.of(bench.host("host-000", "127.77.0.1", port, Map.of()))));
    }

    @Test
    void refusesAHostWhoseKeyNobodyKnowsAndSaysHowToLearnIt() throws Exception {
        Files.writeString(known, "");
        InstanceLifecycle lifecycle = open();

        ProblemException refused = failureOf(lifecycle);

        assertThat(refused.code()).isEqualTo("ssh.unknown-host-key");
        assertThat(refused).hasMessageContaining("and 1 more hosts do not answer: host-001");
        assertThat(refused.problems().getFirst().hint())
                .contains("ssh-keyscan -p %d 127.77.0.1 >> %s".formatted(server.port(), known));

        Files.writeString(known, server.known("ed25519"));
        assertThat(lifecycle.list()).as("the file is read anew").isEmpty();
    }

    @Test
    void refusesAHostWhoseKeyIsAnotherOrRevoked() throws Exception {
        SshServer.key(bench.root, "other", "ed25519", "");
        String other = Files.readString(bench.root.resolve("other.pub")).strip();
        Files.writeString(known, "[127.77.0.1]:%d %s\n".formatted(server.port(), other));
        oneHost(server.port());
        ProblemException changed = failureOf(open());
        assertThat(changed.code()).isEqualTo("ssh.host-key-changed");
        assertThat(changed.problems().getFirst().hint()).contains("ssh-keygen -R");

        Files.writeString(known, "@revoked " + server.known("ed25519"));
        assertThat(failureOf(open()).code()).isEqualTo("ssh.host-key-revoked");
    }

    @Test
    void aKeyThatIsRevokedByAPatternIsRevoked() throws Exception {
        oneHost(server.port());
        String key = Files.readString(server.folder().resolve("host_ed25519.pub")).strip();
        Files.writeString(known, server.known("ed25519") + "@revoked * " + key + "\n");

        assertThat(failureOf(open()).code()).isEqualTo("ssh.host-key-revoked");
    }

    @Test
    void aHostThatSaysTooMuchIsNotListenedTo() throws Exception {
        SshServer talker =
                SshServer.start(
                        server.folder(), List.of("127.77.0.1"), "ForceCommand cat /dev/zero");
        others.add(talker);
        Files.writeString(known, talker.known("ed25519"));
        oneHost(talker.port());

        ProblemException refused = failureOf(open());

        assertThat(refused.code()).isEqualTo("provider.unavailable");
        assertThat(refused).hasMessageContaining("it says too much");
    }

    @Test
    void manyWhoMakeOneDirectoryAreNotInEachOthersWay() throws Exception {
        Path source = Files.writeString(bench.root.resolve("source"), "the file");
        try (HostCalls calls = bench.calls(ENGINE)) {
            for (int round = 0; round < 20; round++) {
                String directory = "%s/round-%d/a/b/c/d".formatted(bench.root, round);
                List<Future<?>> made = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    Upload file = new Upload("file-" + i, source, false);
                    made.add(calls.beginPut(directory, List.of(file)));
                }
                for (Future<?> each : made) {
                    each.get();
                }
                try (Stream<Path> files = Files.list(Path.of(directory))) {
                    assertThat(files).hasSize(4);
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aHostThatAllowsFewSessionsIsAskedOneAfterTheOther(int sessions) throws Exception {
        SshServer strict =
                SshServer.start(server.folder(), List.of("127.77.0.1"), "MaxSessions " + sessions);
        others.add(strict);
        Files.writeString(known, strict.known("ed25519"));
        oneHost(strict.port());
        try (HostCalls calls = bench.calls(ENGINE)) {
            List<Future<Answer>> answers = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                answers.add(calls.begin("sleep 0.1; echo \"$SSH_CONNECTION\""));
            }
            Set<List<String>> connections = new HashSet<>();
            for (Future<Answer> each : answers) {
                connections.add(each.get().lines());
            }
            assertThat(connections).as("over one connection").hasSize(1);
        }
    }

    @Test
    void whoIsInterruptedLeavesTheConnectionToOthers() throws Exception {
        Path go = bench.root.resolve("go");
        try (HostCalls calls = bench.calls(ENGINE)) {
            assertThat(calls.run("echo here").lines()).containsExactly("here");
            Future<Answer> other =
                    calls.begin("until [ -e '%s' ]; do sleep 0.05; done; echo $$".formatted(go));
            String script = "# " + "x".repeat(500_000) + "\necho done";
            for (int round = 0; round < 20; round++) {
                Future<Answer> interrupted = calls.begin(script);
                calls.run("echo");
                interrupted.cancel(true);
            }
            Files.createFile(go);

            assertThat(other.get().lines()).singleElement().asString().matches("[0-9]+");
        }
    }

    @Test
    void nothingWritesAnyMoreOnceTheBenchIsClosed() throws Exception {
        Path root;
        try (SshBench own = new SshBench(1)) {
            root = own.root;
            try (HostCalls calls = own.calls(ENGINE)) {
                Future<Answer> interrupted =
                        calls.begin(
                                "cd '%s' && while :; do mkdir -p a/b; rmdir a/b a; done"
                                        .formatted(root));
                Eventually.holds("it runs", () -> Files.exists(root.resolve("a")));
                interrupted.cancel(true);
            }
        }

        assertThat(FolderProcesses.of(root)).isEmpty();
        assertThat(root).doesNotExist();
    }

    @Test
    void knowsHashedNamesAndKeysOfOtherTypes() throws Exception {
        Files.writeString(known, server.known("ecdsa"));
        Process hash =
                new ProcessBuilder("ssh-keygen", "-q", "-H", "-f", known.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        assertThat(hash.waitFor()).isZero();
        assertThat(known).content().contains("|1|").doesNotContain("127.77");

        assertThat(open().list()).isEmpty();
    }

    @Test
    void aKeyThatIsNotLetInIsAMatterOfCredentials() {
        SshServer.key(bench.root, "stranger", "ed25519", "");
        bench.with("keys", Value.of(List.of(Value.of(bench.root.resolve("stranger").toString()))));

        assertThat(failureOf(open()).code()).isEqualTo("provider.credentials");
    }

    @Test
    void aHostMayHaveAKeyOfItsOwn() {
        SshServer.key(bench.root, "stranger", "ed25519", "");
        bench.with("keys", Value.of(List.of(Value.of(bench.root.resolve("stranger").toString()))));
        bench.with(
                "hosts",
                Value.of(
                        List.of(
                                bench.host(
                                        "host-000",
                                        "127.77.0.1",
                                        server.port(),
                                        Map.of(
                                                "key",
                                                Value.of(
                                                        server.folder()
                                                                .resolve("client")
                                                                .toString()))))));

        assertThat(open().list()).isEmpty();
    }

    @Test
    void opensAKeyWithItsPassphrase() throws Exception {
        SshServer.key(bench.root, "locked", "ed25519", "the passphrase");
        Files.copy(
                bench.root.resolve("locked.pub"),
                server.folder().resolve("authorized_keys"),
                StandardCopyOption.REPLACE_EXISTING);
        bench.with("keys", Value.of(List.of(Value.of(bench.root.resolve("locked").toString()))));
        ProblemException refused = catchThrowableOfType(ProblemException.class, this::open);
        assertThat(refused).hasMessageContaining("passphrase");

        Path file = Files.writeString(bench.root.resolve("passphrase"), "the passphrase\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        bench.with("passphrase_file", Value.of(file.toString()));

        assertThat(open().list()).isEmpty();
    }

    @Test
    void usesTheKeysOfTheSshAgent() throws Exception {
        Needs.programs("ssh-agent", "ssh-add");
        Path socket = bench.root.resolve("agent");
        Process agent =
                new ProcessBuilder("ssh-agent", "-D", "-a", socket.toString())
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        others.add(agent::destroyForcibly);
        Eventually.holds("the agent listens", () -> Files.exists(socket));
        ProcessBuilder add =
                new ProcessBuilder("ssh-add", "-q", server.folder().resolve("client").toString());
        add.environment().put("SSH_AUTH_SOCK", socket.toString());
        assertThat(add.inheritIO().start().waitFor()).isZero();
        bench.with("keys", Value.nil()).with("ssh_agent", Value.of(socket.toString()));

        assertThat(open().list()).isEmpty();
    }

    @Test
    void goesThroughJumpHosts() throws Exception {
        SshServer first =
                SshServer.start(server.folder(), List.of("127.78.0.1"), "AllowTcpForwarding yes");
        SshServer second =
                SshServer.start(server.folder(), List.of("127.78.0.2"), "AllowTcpForwarding yes");
        others.add(first);
        others.add(second);
        Files.writeString(
                known, first.known("ed25519") + second.known("ed25519") + server.known("ed25519"));
        String user = System.getProperty("user.name");
        bench.with(
                "jump",
                Value.of(
                        List.of(
                                Value.of("%s@127.78.0.1:%d".formatted(user, first.port())),
                                Value.of("%s@127.78.0.2:%d".formatted(user, second.port())))));
        InstanceLifecycle lifecycle = open();
        assertThat(lifecycle.list()).isEmpty();

        second.kill();

        ProblemException refused = failureOf(lifecycle);
        assertThat(refused.code()).isEqualTo("provider.unavailable");
    }

    @Test
    void theKeyOfAJumpHostIsCheckedToo() throws Exception {
        SshServer between = SshServer.start(server.folder(), List.of("127.78.0.1"));
        others.add(between);
        bench.with("jump", Value.of(List.of(Value.of("127.78.0.1:" + between.port()))));

        ProblemException refused = failureOf(open());

        assertThat(refused.code()).isEqualTo("ssh.unknown-host-key");
        assertThat(refused).hasMessageContaining("127.78.0.1");
    }

    @Test
    void aPortWhereNobodyListensIsUnavailable() throws Exception {
        oneHost(SshServer.freePort());

        assertThat(failureOf(open()).code()).isEqualTo("provider.unavailable");
    }

    @Test
    void aPortThatSaysNothingIsATimeout() throws Exception {
        bench.with("connect_seconds", Value.of(1));
        try (ServerSocket silent =
                new ServerSocket(0, 5, InetAddress.getByAddress(new byte[] {127, 77, 0, 1}))) {
            oneHost(silent.getLocalPort());

            assertThat(failureOf(open()).code()).isEqualTo("provider.timeout");
        }
    }

    @Test
    void whatSpeaksNoSshIsToldApart() throws Exception {
        try (ServerSocket other =
                new ServerSocket(0, 5, InetAddress.getByAddress(new byte[] {127, 77, 0, 1}))) {
            Thread.ofVirtual()
                    .name("other-protocol")
                    .start(() -> {
                        try (Socket socket = other.accept();
                                OutputStream out = socket.getOutputStream()) {
                            out.write("SSH-1.5-old\r\n".getBytes(StandardCharsets.US_ASCII));
                            out.flush();
                            int _ = socket.getInputStream().read(new byte[1000]);
                        } catch (IOException ended) {
                            return;
                        }
                    });
            oneHost(other.getLocalPort());

            assertThat(failureOf(open()).code()).isEqualTo("ssh.protocol");
        }
    }

    @Test
    void aServerThatDiesIsUnavailableAndReachedAgainWhenItIsBack() {
        InstanceLifecycle lifecycle = open();
        assertThat(lifecycle.list()).isEmpty();

        server.kill();
        assertThat(failureOf(lifecycle).code()).isEqualTo("provider.unavailable");

        others.add(server.again());
        assertThat(lifecycle.list()).isEmpty();
    }

    @Test
    void aHostThatHangsIsATimeoutAndCanBeCancelled() throws Exception {
        bench.with("seconds", Value.of(1)).with("connect_seconds", Value.of(2));
        oneHost(server.port());
        Path lock = bench.directory("host-000");
        Files.createDirectories(lock);
        Process holder = hold(lock.resolve("lock"));
        InstanceLifecycle lifecycle = open();
        InstanceRequest request = request("m-" + UUID.randomUUID(), "host-000");
        OperationToken token = new OperationToken("t-1");

        ProblemException late =
                catchThrowableOfType(
                        ProblemException.class, () -> lifecycle.create(token, request));
        assertThat(late.code()).isEqualTo("provider.timeout");

        CompletableFuture<ProblemException> cancelled = new CompletableFuture<>();
        Thread caller =
                Thread.ofPlatform()
                        .start(() ->
                                cancelled.complete(
                                        catchThrowableOfType(
                                                ProblemException.class,
                                                () -> lifecycle.create(token, request))));
        caller.interrupt();
        assertThat(cancelled.get(20, TimeUnit.SECONDS).code()).isEqualTo("provider.interrupted");

        holder.descendants().forEach(ProcessHandle::destroyForcibly);
        assertThat(holder.waitFor()).isNotZero();
        // What was sent before may still come to an end there: it is the same claim or none.
        Eventually.holds(
                "the repeat makes it",
                () -> {
                    try {
                        return lifecycle.create(token, request).ref() != null;
                    } catch (ProblemException notYet) {
                        return false;
                    }
                });
        assertThat(lifecycle.list()).hasSize(1);
    }

    /// Holds the lock of a host, as something that hangs there does.
    private Process hold(Path lock) throws Exception {
        Path held = bench.root.resolve("held");
        Process holder =
                new ProcessBuilder(
                                "flock",
                                lock.toString(),
                                "sh",
                                "-c",
                                ": >\"$0\"; exec sleep 3600",
                                held.toString())
                        .start();
        others.add(() -> ProcessTree.kill(holder.toHandle()));
        Eventually.holds("the lock is held", () -> Files.exists(held));
        return holder;
    }

    @Test
    void aUserWhoMayNotWriteIsToldSo() {
        bench.with(
                "hosts",
                Value.of(
                        List.of(
                                Value.of(
                                        Map.of(
                                                "name", Value.of("host-000"),
                                                "address", Value.of("127.77.0.1"),
                                                "port", Value.of(server.port()),
                                                "directory", Value.of("/proc/formwork"))))));
        InstanceLifecycle lifecycle = open();

        ProblemException refused =
                catchThrowableOfType(
                        ProblemException.class,
                        () -> lifecycle.create(new OperationToken("t-1"), request("m-1")));

        assertThat(refused.code()).isIn("provider.credentials", "ssh.host-failed");
    }
}
