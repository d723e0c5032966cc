package dev.formwork.provider.ssh;

import dev.formwork.model.ProblemException;
import dev.formwork.provider.BootToken;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.Steps;
import dev.formwork.provider.ssh.inventory.Host;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// Brings the agent to a host and starts it. What is there with the same digest is not brought
/// again. Thread-safe.
final class AgentDelivery {
    private static final String LAUNCH = Shell.resource("launch.sh");

    private final HostCommands commands;
    private final AgentProgram program;
    private final JavaParcel java;
    private final List<String> engineUrls;
    private final Steps steps;

    /// @param engineUrls where an agent on a host finds the engine; may be empty
    AgentDelivery(
            HostCommands commands,
            AgentProgram program,
            JavaParcel java,
            List<String> engineUrls,
            Steps steps) {
        this.commands = commands;
        this.program = program;
        this.java = java;
        this.engineUrls = List.copyOf(engineUrls);
        this.steps = steps;
    }

    /// @throws ProblemException `ssh.no-engine-url`
    void requireEngineUrl() {
        if (engineUrls.isEmpty()) {
            throw ProblemException.of(
                    "ssh.no-engine-url",
                    "an agent on another host cannot call this engine",
                    "serve --agents ADDRESS, or give the provider the setting engine_url");
        }
    }

    void start(Host host, Mark mark, BootToken token) {
        Brought brought = bring(host, mark);
        steps.next("start the agent");
        commands.start(host, mark, token, launch(host, mark, brought), brought.sets());
    }

    void restart(Host host, Mark mark) {
        requireEngineUrl();
        Brought brought = bring(host, mark);
        commands.restart(host, mark, launch(host, mark, brought), brought.sets());
    }

    /// @param program that is started
    /// @param agent the directory of the agent's files
    /// @param sets the digests of what is used
    private record Brought(String program, String agent, List<String> sets) {}

    private Brought bring(Host host, Mark mark) {
        List<Parcel> needed = new ArrayList<>(List.of(program.parcel()));
        String started = program.program();
        if (program.isJava() && host.java().isPresent()) {
            started = host.java().get();
            commands.requireJava(host, started);
        } else if (program.isJava()) {
            Parcel runtime = java.files();
            needed.add(runtime);
            started = runtime.on(host.directory()) + "/bin/java";
        }
        Set<String> there = commands.sets(host);
        for (Parcel parcel : needed) {
            if (!there.contains(parcel.digest())) {
                steps.next("upload files");
                String beside = commands.upload(host, parcel);
                steps.next("put the files in their place");
                commands.adopt(host, mark, beside, parcel);
            }
        }
        if (program.isJava()
                && host.java().isEmpty()
                && !there.contains(needed.getLast().digest())) {
            requireThatItRuns(host, started);
        }
        return new Brought(
                started,
                program.parcel().on(host.directory()),
                needed.stream().map(Parcel::digest).toList());
    }

    /// The host may have another processor or another C library than the engine's own.
    private void requireThatItRuns(Host host, String uploaded) {
        try {
            commands.requireJava(host, uploaded);
        } catch (ProblemException does) {
            if (ProviderCode.isTransient(does)) {
                throw does;
            }
            throw ProblemException.of(
                    "ssh.runtime-does-not-run",
                    "the Java runtime of the engine's own host does not run on host " + host,
                    "install Java 25 there and name it with the setting java");
        }
    }

    private String launch(Host host, Mark mark, Brought brought) {
        String home = host.directory() + "/machine";
        Map<String, String> environment = new TreeMap<>();
        program.environment()
                .forEach((name, word) -> environment.put(name, word.on(brought.agent())));
        environment.put("FORMWORK_ENGINE_URL", String.join(",", engineUrls));
        environment.put("FORMWORK_BOOT_TOKEN_FILE", home + "/boot-token");
        environment.put("FORMWORK_AGENT_DIR", home + "/agent");
        environment.put("FORMWORK_MACHINE", mark.name());
        environment.put("FORMWORK_MACHINE_ID", mark.machine().value());
        String address = host.ipAddress();
        if (address != null) {
            environment.put("FORMWORK_ADDRESS", address);
        }
        List<String> command = new ArrayList<>(List.of(brought.program()));
        program.arguments().forEach(word -> command.add(word.on(brought.agent())));
        return LAUNCH.replace("@HOME@", Shell.quote(home))
                .replace(
                        "@ENVIRONMENT@",
                        environment.entrySet().stream()
                                .map(variable ->
                                        "export %s=%s"
                                                .formatted(
                                                        variable.getKey(),
                                                        Shell.quote(variable.getValue())))
                                .collect(Collectors.joining("\n")))
                .replace(
                        "@COMMAND@",
                        command.stream().map(Shell::quote).collect(Collectors.joining(" ")));
    }
}
