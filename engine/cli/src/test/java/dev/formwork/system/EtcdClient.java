package dev.formwork.system;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A client of one etcd member, by the `etcdctl` that the member's module leaves beside its state.
final class EtcdClient {
    private final Path etcdctl;

    EtcdClient(EngineProcess engine, String machineId) {
        this.etcdctl =
                engine.machinesDirectory()
                        .resolve(machineId)
                        .resolve("agent/state/etcd/etcd/etcdctl");
    }

    void put(String key, String value) {
        call("put", key, value);
    }

    String get(String key) {
        return call("get", key, "--print-value-only").strip();
    }

    /// Names of the members that have started, sorted.
    List<String> members() {
        return call("member", "list")
                .lines()
                .map(line -> line.split(", ", -1))
                .filter(parts -> parts.length > 2 && parts[1].equals("started"))
                .map(parts -> parts[2])
                .sorted()
                .toList();
    }

    /// How many members the cluster knows, started or not.
    int known() {
        return (int) call("member", "list").lines().filter(line -> !line.isBlank()).count();
    }

    boolean allHealthy() {
        return run("endpoint", "health", "--cluster").status() == 0;
    }

    private String call(String... arguments) {
        return run(arguments).orThrow();
    }

    private Command run(String... arguments) {
        List<String> command = new ArrayList<>(List.of(etcdctl.toString()));
        command.addAll(List.of(arguments));
        return Command.run(Duration.ofSeconds(30), command);
    }
}
