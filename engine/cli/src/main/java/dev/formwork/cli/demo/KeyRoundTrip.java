package dev.formwork.cli.demo;

import dev.formwork.cli.client.ClusterDocument;
import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Writes a key to one member and reads it from another.
final class KeyRoundTrip {
    static final String KEY = "formwork/demo";

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final DemoHome home;
    private final ClusterDocument cluster;

    KeyRoundTrip(DemoHome home, ClusterDocument cluster) {
        this.home = home;
        this.cluster = cluster;
    }

    /// @param writer name of the member that was written to
    /// @param reader name of the member that was read from
    record Proof(String writer, String wrote, String reader, String read, Path etcdctl) {}

    /// @throws ProblemException `demo.etcd-failed`
    Proof run(String value) throws InterruptedException {
        List<ClusterDocument.Member> members = cluster.members();
        if (members.isEmpty()) {
            throw failed("the cluster has no members");
        }
        ClusterDocument.Member first = members.getFirst();
        ClusterDocument.Member last = members.getLast();
        Path etcdctl = etcdctl(first);
        call(etcdctl, "put", KEY, value);
        String read = call(etcdctl(last), "get", "--print-value-only", KEY);
        if (!read.equals(value)) {
            throw failed("%s reads %s".formatted(last.name(), Names.abbreviate(read)));
        }
        return new Proof(first.name(), value, last.name(), read, etcdctl);
    }

    private Path etcdctl(ClusterDocument.Member member) {
        return home.etcdctl(member.machine())
                .orElseThrow(() -> failed("there is no etcdctl on " + member.name()));
    }

    private static String call(Path etcdctl, String... arguments) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of(etcdctl.toString()));
        command.addAll(List.of(arguments));
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectInput(
                                    ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                            .start();
            byte[] output = process.getInputStream().readAllBytes();
            boolean over = process.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            String text = new String(output, StandardCharsets.UTF_8).strip();
            if (!over || process.exitValue() != 0) {
                throw failed("%s %s: %s".formatted(etcdctl, arguments[0], Names.abbreviate(text)));
            }
            return text;
        } catch (IOException e) {
            throw failed(etcdctl + ": " + e);
        }
    }

    private static ProblemException failed(String why) {
        return ProblemException.of(
                "demo.etcd-failed",
                "the key could not be written and read: " + why,
                "`formwork status quickstart` shows the members");
    }
}
