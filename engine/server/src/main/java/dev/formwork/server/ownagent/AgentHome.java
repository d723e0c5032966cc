package dev.formwork.server.ownagent;

import dev.formwork.server.home.DataDirectory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;

/// The files of the engine's own agent, below the engine's data directory.
///
/// `process` holds the pid and the URL, one a line, written by the shell that then becomes the
/// agent: so there is no moment in which the agent runs and nobody knows.
final class AgentHome {
    private static final String PROCESS = "process";

    private final DataDirectory home;

    AgentHome(DataDirectory data) {
        data.directory("engine-agent");
        this.home = DataDirectory.open(data.file("engine-agent"));
    }

    /// `FORMWORK_AGENT_DIR`: the agent's own.
    Path folder() {
        return home.directory("agent");
    }

    Path bootToken() {
        return home.file("boot-token");
    }

    Path process() {
        return home.file(PROCESS);
    }

    Path log() {
        return home.file("agent.log");
    }

    /// Whether an agent has registered from here.
    boolean registered() {
        return Files.exists(folder().resolve("identity.json"));
    }

    /// Has the next agent register anew.
    void renew(String token) {
        try {
            Files.deleteIfExists(folder().resolve("identity.json"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot renew the engine's own agent", e);
        }
        home.write("boot-token", (token + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    /// The living agent that was started for this URL, or for another.
    Optional<Living> living() {
        return home.read(PROCESS)
                .map(text -> text.split("\n", -1))
                .filter(lines -> lines.length >= 2 && lines[0].matches("[0-9]{1,18}"))
                .flatMap(lines ->
                        ProcessHandle.of(Long.parseLong(lines[0]))
                                .filter(this::isOurs)
                                .map(process -> new Living(process, lines[1])));
    }

    record Living(ProcessHandle process, String engineUrl) {}

    /// A pid is used again some day; the environment names the folder, and two don't share one.
    private boolean isOurs(ProcessHandle process) {
        if (!process.isAlive()) {
            return false;
        }
        String mark = "FORMWORK_AGENT_DIR=" + folder();
        try {
            String environment =
                    Files.readString(
                            Path.of("/proc", Long.toString(process.pid()), "environ"),
                            StandardCharsets.ISO_8859_1);
            return Arrays.asList(
                            new String(
                                            environment.getBytes(StandardCharsets.ISO_8859_1),
                                            StandardCharsets.UTF_8)
                                    .split("\0", -1))
                    .contains(mark);
        } catch (IOException _) {
            return false; // Gone, or somebody else's.
        }
    }
}
