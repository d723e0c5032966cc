package dev.formwork.image;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// A key that a machine is to let in, and the port of this host behind which the machine is.
///
/// @param line of `authorized_keys`
record SshKey(Path file, String line, int port) {
    static SshKey make(Path folder) throws IOException, InterruptedException {
        Path file = folder.resolve("key");
        Process keygen =
                new ProcessBuilder(
                                "ssh-keygen",
                                "-q",
                                "-t",
                                "ed25519",
                                "-N",
                                "",
                                "-f",
                                file.toString())
                        .inheritIO()
                        .start();
        if (keygen.waitFor() != 0) {
            throw new AssertionError("ssh-keygen fails");
        }
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String line = Files.readString(folder.resolve("key.pub")).strip();
            return new SshKey(file, line, free.getLocalPort());
        }
    }

    /// What a command says on the machine, once its server is there.
    String run(String user, String command) throws IOException, InterruptedException {
        Process ssh =
                new ProcessBuilder(
                                List.of(
                                        "ssh",
                                        "-F",
                                        "none",
                                        "-i",
                                        file.toString(),
                                        "-p",
                                        Integer.toString(port),
                                        "-o",
                                        "BatchMode=yes",
                                        "-o",
                                        "StrictHostKeyChecking=no",
                                        "-o",
                                        "UserKnownHostsFile=/dev/null",
                                        "-o",
                                        "ConnectTimeout=60",
                                        "-o",
                                        "ConnectionAttempts=60",
                                        user + "@127.0.0.1",
                                        command))
                        .redirectErrorStream(true)
                        .start();
        ssh.getOutputStream().close();
        String said = new String(ssh.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (ssh.waitFor() != 0) {
            throw new AssertionError("ssh fails: " + said);
        }
        return said;
    }
}
