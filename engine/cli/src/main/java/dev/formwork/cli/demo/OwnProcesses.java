package dev.formwork.cli.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Processes of the demo, found in `/proc` by the environment they were started with: what is left
/// after the engine, an agent or a script was killed.
final class OwnProcesses {
    /// In the environment of the demo's engine: its directory.
    static final String MARK = "FORMWORK_DEMO";

    private static final String MACHINE = "FORMWORK_MACHINE_ID";
    private static final Set<String> PLACES =
            Set.of(MARK, "FORMWORK_AGENT_DIR", "FORMWORK_STATE", "FORMWORK_MODULE_DIR");
    private static final Duration GRACE = Duration.ofSeconds(5);
    private static final int ROUNDS = 5;

    private final Path directory;
    private final Set<String> machineIds;

    /// @param machineIds of machines that there were
    OwnProcesses(Path directory, Set<String> machineIds) {
        this.directory = directory;
        this.machineIds = Set.copyOf(machineIds);
    }

    /// Whether a process was started for what is in a directory.
    static boolean belongsTo(long pid, Path directory) {
        return new OwnProcesses(directory, Set.of()).isOwn(pid);
    }

    /// TERM, a while, KILL; again until none is left.
    ///
    /// @return how many there were
    int end() throws InterruptedException {
        Set<Long> ended = new HashSet<>();
        for (int round = 0; round < ROUNDS; round++) {
            List<ProcessHandle> found = find();
            if (found.isEmpty()) {
                break;
            }
            found.forEach(process -> {
                ended.add(process.pid());
                process.destroy();
            });
            await(found);
            found.stream().filter(ProcessHandle::isAlive).forEach(ProcessHandle::destroyForcibly);
            await(found);
        }
        return ended.size();
    }

    List<ProcessHandle> find() {
        long self = ProcessHandle.current().pid();
        List<ProcessHandle> found = new ArrayList<>();
        ProcessHandle.allProcesses()
                .filter(process -> process.pid() != self && isOwn(process.pid()))
                .forEach(found::add);
        return found;
    }

    private boolean isOwn(long pid) {
        Map<String, String> environment = environment(pid);
        for (String name : PLACES) {
            if (isBelow(environment.getOrDefault(name, ""))) {
                return true;
            }
        }
        String machine = environment.get(MACHINE);
        // A daemon may keep nothing of its environment but the machine's id.
        return machine != null
                && (machineIds.contains(machine)
                        || isBelow(link(pid, "cwd"))
                        || isBelow(link(pid, "exe")));
    }

    private boolean isBelow(String path) {
        return path.startsWith(directory + "/");
    }

    private static Map<String, String> environment(long pid) {
        Map<String, String> environment = new TreeMap<>();
        try {
            byte[] bytes = Files.readAllBytes(Path.of("/proc", Long.toString(pid), "environ"));
            for (String entry : new String(bytes, StandardCharsets.UTF_8).split("\0", -1)) {
                int equals = entry.indexOf('=');
                if (equals > 0) {
                    environment.put(entry.substring(0, equals), entry.substring(equals + 1));
                }
            }
        } catch (IOException _) {
            // Gone, or somebody else's.
        }
        return environment;
    }

    private static String link(long pid, String name) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(pid), name)).toString();
        } catch (IOException _) {
            return "";
        }
    }

    private static void await(List<ProcessHandle> processes) throws InterruptedException {
        CompletableFuture<?>[] exits =
                processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(exits).get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException _) {
            // Those that are left are looked for again.
        } catch (ExecutionException e) {
            throw new IllegalStateException("waiting for a process does not fail", e);
        }
    }
}
