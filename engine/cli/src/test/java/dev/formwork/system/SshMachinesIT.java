package dev.formwork.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.testkit.Needs;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A cluster on hosts that stand, reached by SSH: `formwork` and OpenSSH's server as they are, a
/// host that has no Java, and an agent that calls the engine by TLS.
class SshMachinesIT {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir private Path folder;
    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endAll() {
        started.forEach(Process::destroyForcibly);
        CliProcess.endAllThatAreToldOf(folder);
    }

    @Test
    void aClusterIsMadeOnAHostWithoutJavaAndLeavesItAgain() throws Exception {
        int port = startSshd();
        int door = freePort();
        Path data = folder.resolve("data");
        Files.writeString(
                folder.resolve("providers.yaml"),
                """
                racks:
                  type: ssh
                  hosts: [{name: rack-1, address: 127.79.0.1, port: %d, directory: %s}]
                  keys: [%s]
                  known_hosts: %s
                  ssh_agent: none
                """
                        .formatted(
                                port,
                                folder.resolve("host"),
                                folder.resolve("client"),
                                folder.resolve("known_hosts")));
        Path pack = Files.createDirectories(folder.resolve("pack/hello"));
        Files.writeString(
                folder.resolve("pack/pack.yaml"),
                "kind: Pack\nname: hello\nversion: 1.0.0\nsummary: Says hello.\n");
        Files.writeString(
                pack.resolve("module.yaml"),
                """
                kind: Task
                name: hello
                version: 1.0.0
                summary: Says where it runs.
                inputs: {file: {type: string}}
                outputs: {where: {type: string}}
                repeat: idempotent
                run: |
                  printf '%s' "$FORMWORK_STATE" >"$INPUT_FILE"
                  printf '%s' "$FORMWORK_MACHINE" >"$FORMWORK_OUTPUTS/where"
                """);
        Files.createDirectories(folder.resolve("pack/all"));
        Files.writeString(
                folder.resolve("pack/all/module.yaml"),
                """
                kind: Workflow
                name: hello-all
                version: 1.0.0
                summary: Says hello everywhere.
                groups: [nodes]
                inputs: {file: {type: string}}
                steps:
                  hello: {on: nodes, uses: hello, with: {file: "${{ inputs.file }}"}}
                """);
        Path said = folder.resolve("said");
        Path cluster = folder.resolve("cluster.yaml");
        Files.writeString(
                cluster,
                """
                kind: Cluster
                name: steel
                workflow: hello-all
                groups:
                  nodes: {count: 1, provider: racks, machine: {hosts: [rack-1]}}
                with: {file: %s}
                """
                        .formatted(said));
        try (CliProcess serve =
                CliProcess.start(
                        data,
                        folder,
                        "serve",
                        "--port",
                        "0",
                        "--agents",
                        "127.0.0.1:" + door,
                        "--providers",
                        "providers.yaml",
                        "--pack",
                        "pack")) {
            serve.awaitOutput("is ready");

            CliProcess.run(0, data, folder, "apply", "cluster.yaml", "--yes");

            assertThat(said)
                    .content()
                    .isEqualTo(folder.resolve("host/machine/agent/state").toString());
            Path launch = folder.resolve("host/machine/launch");
            assertThat(launch)
                    .content()
                    .contains("FORMWORK_ENGINE_URL='https://127.0.0.1:%d'".formatted(door));
            assertThat(launch).content().contains("/bin/java'");
            assertThat(CliProcess.run(0, data, folder, "machines")).contains("steel-nodes-0");

            CliProcess.run(0, data, folder, "destroy", "steel", "--yes");

            assertThat(folder.resolve("host/mark")).doesNotExist();
            assertThat(folder.resolve("host/machine")).doesNotExist();
            Path host = folder.resolve("host");
            assertThat(
                            ProcessHandle.allProcesses()
                                    .filter(process -> CliProcess.isToldOf(host, process.pid())))
                    .isEmpty();
        }
    }

    private int startSshd() throws Exception {
        Needs.files("/usr/sbin/sshd");
        Needs.programs("ssh-keygen");
        for (String key : List.of("host-key", "client")) {
            Process made =
                    new ProcessBuilder("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key)
                            .directory(folder.toFile())
                            .inheritIO()
                            .start();
            assertThat(made.waitFor()).isZero();
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
        started.add(sshd);
        Await.until("sshd listens", PATIENCE, () -> answers(port));
        return port;
    }

    private static boolean answers(int port) {
        try (Socket socket =
                new Socket(InetAddress.getByAddress(new byte[] {127, 79, 0, 1}), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
