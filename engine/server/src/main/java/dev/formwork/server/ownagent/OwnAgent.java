package dev.formwork.server.ownagent;

import dev.formwork.model.MachineId;
import dev.formwork.model.Problem;
import dev.formwork.model.ProblemException;
import dev.formwork.provider.AgentLaunch;
import dev.formwork.provider.Pause;
import dev.formwork.server.home.DataDirectory;
import dev.formwork.server.loop.EngineLoop;
import dev.formwork.workflow.engine.Input;
import dev.formwork.workflow.engine.Reply;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.store.Store;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;

/// Keeps one agent alive for the machine `engine`: registers it, starts it, starts it again when it
/// dies, takes over one that a killed engine has left behind, and ends it when the engine stops in
/// order. Jobs outlive it: they are sessions of their own. One thread; thread-safe.
public final class OwnAgent implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(OwnAgent.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Duration HEALTHY = Duration.ofMinutes(1);
    private static final Duration GRACE = Duration.ofSeconds(5);

    /// What of the engine's environment its agent, and so the steps `on: engine`, may see: an
    /// engine can have credentials of clouds in there.
    private static final List<String> PASSED_ON =
            List.of(
                    "PATH",
                    "HOME",
                    "LANG",
                    "LC_ALL",
                    "TZ",
                    "TMPDIR",
                    "JAVA_HOME",
                    "http_proxy",
                    "https_proxy",
                    "no_proxy",
                    "HTTP_PROXY",
                    "HTTPS_PROXY",
                    "NO_PROXY");

    /// Becomes the agent, after it has said who it is: pid and URL.
    private static final String SCRIPT =
            "umask 077; printf '%s\\n%s\\n' \"$$\" \"$FORMWORK_ENGINE_URL\" >\"$0.new\" &&"
                    + " mv -f \"$0.new\" \"$0\" && exec \"$@\"";

    private final AgentHome home;
    private final AgentLaunch launch;
    private final URI engine;
    private final MachineId machine;
    private final Store store;
    private final EngineLoop loop;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicReference<Optional<ProcessHandle>> process =
            new AtomicReference<>(Optional.empty());
    private final Thread thread;

    public OwnAgent(
            DataDirectory data,
            AgentLaunch launch,
            URI engine,
            MachineId machine,
            Store store,
            EngineLoop loop) {
        this.machine = machine;
        this.home = new AgentHome(data);
        this.launch = launch;
        this.engine = engine;
        this.store = store;
        this.loop = loop;
        this.thread = Thread.ofVirtual().name("own-agent").unstarted(this::keepAlive);
    }

    public void start() {
        thread.start();
    }

    /// The process, while there is one.
    public Optional<Long> pid() {
        return process.get().filter(ProcessHandle::isAlive).map(ProcessHandle::pid);
    }

    /// Ends an agent that is alive and silent; its successor starts at once.
    public void restart() {
        process.get().ifPresent(ProcessHandle::destroyForcibly);
    }

    @Override
    public void close() {
        closing.countDown();
        try {
            thread.join();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
        process.get().ifPresent(OwnAgent::end);
    }

    private void keepAlive() {
        Duration pause = FIRST_PAUSE;
        try {
            while (closing.getCount() > 0) {
                long began = System.nanoTime();
                try {
                    ProcessHandle alive = adopted().orElseGet(this::launched);
                    process.set(Optional.of(alive));
                    if (!awaitEnd(alive)) {
                        return;
                    }
                    LOG.warn("the engine's own agent (pid {}) ended", alive.pid());
                } catch (ProblemException | IllegalStateException e) {
                    LOG.warn("cannot start the engine's own agent: {}", e.getMessage());
                }
                boolean healthy = System.nanoTime() - began > HEALTHY.toNanos();
                pause = healthy ? FIRST_PAUSE : pause;
                if (closing.await(pause.toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
                pause = Pause.doubled(pause, LONGEST_PAUSE);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    /// @return false where the engine stops first
    private boolean awaitEnd(ProcessHandle alive) throws InterruptedException {
        while (closing.getCount() > 0) {
            try {
                alive.onExit().get(200, TimeUnit.MILLISECONDS);
                return true;
            } catch (TimeoutException _) {
                // Look whether the engine stops.
            } catch (ExecutionException e) {
                throw new IllegalStateException("cannot watch the engine's own agent", e);
            }
        }
        return false;
    }

    private Optional<ProcessHandle> adopted() {
        Optional<AgentHome.Living> living = home.living();
        if (living.isEmpty()) {
            return Optional.empty();
        }
        if (isEnrolled() && living.get().engineUrl().equals(engine.toString())) {
            LOG.info("took over the engine's own agent, pid {}", living.get().process().pid());
            return Optional.of(living.get().process());
        }
        end(living.get().process());
        return Optional.empty();
    }

    private ProcessHandle launched() {
        if (!isEnrolled()) {
            Reply.Enrolled enrolled =
                    EngineLoop.join(
                            loop.call(
                                    new Input.Enrol(NodeKey.ENGINE, "engine"),
                                    Reply.Enrolled.class));
            home.renew(enrolled.bootToken());
        }
        List<String> command =
                new ArrayList<>(
                        List.of("setsid", "/bin/sh", "-c", SCRIPT, home.process().toString()));
        command.addAll(launch.command());
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        environment.keySet().retainAll(PASSED_ON);
        environment.putAll(launch.environment());
        environment.put("FORMWORK_ENGINE_URL", engine.toString());
        environment.put("FORMWORK_AGENT_DIR", home.folder().toString());
        environment.put("FORMWORK_BOOT_TOKEN_FILE", home.bootToken().toString());
        environment.put("FORMWORK_ADDRESS", "127.0.0.1");
        // A step on the engine must not take the host down.
        environment.put("FORMWORK_REBOOT_COMMAND", "exit 1");
        environment.put("FORMWORK_POWER_OFF_COMMAND", "exit 1");
        builder.redirectInput(new File("/dev/null"));
        builder.redirectErrorStream(true);
        builder.redirectOutput(ProcessBuilder.Redirect.appendTo(home.log().toFile()));
        try {
            Process started = builder.start();
            LOG.info("started the engine's own agent, pid {}", started.pid());
            return started.toHandle();
        } catch (IOException e) {
            throw new ProblemException(
                    List.of(
                            Problem.of(
                                    "server.agent-not-started",
                                    "cannot start " + launch.command().getFirst() + ": " + e,
                                    null)),
                    e);
        }
    }

    /// Both sides know each other: the machine has a credential, and the folder holds one.
    private boolean isEnrolled() {
        return home.registered()
                && store.machine(machine).flatMap(Machine::credentialHash).isPresent();
    }

    private static void end(ProcessHandle process) {
        process.destroy();
        try {
            process.onExit().get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException _) {
            process.destroyForcibly();
        } catch (InterruptedException _) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
