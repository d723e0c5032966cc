package dev.formwork.provider.ssh;

import dev.formwork.agent.HostMachine;
import dev.formwork.agent.disk.Folders;
import dev.formwork.agent.host.HostAnswer;
import dev.formwork.agent.host.HostAnswerTooLongException;
import dev.formwork.agent.host.HostShell;
import dev.formwork.agent.identity.IdentityPlace;
import dev.formwork.agent.module.ModuleCache;
import dev.formwork.agent.transport.Engine;
import dev.formwork.agent.transport.Engines;
import dev.formwork.agent.transport.KnownEngines;
import dev.formwork.model.ProblemException;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.ssh.connection.Answer;
import dev.formwork.provider.ssh.connection.RemoteHosts;
import dev.formwork.provider.ssh.inventory.Host;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.System.Logger.Level;
import java.net.URI;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;

/// A host without an agent, and the machine on it that is worked from here: in a thread of its own,
/// by the agent's program, over the connection that is kept. Whoever takes the machine last works
/// it; scripts of who did before are not run any more. Thread-safe.
final class WorkedHost implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(WorkedHost.class.getName());

    private final Host host;
    private final HostCommands commands;
    private final URI engine;
    private final Path folder;
    private final Path modules;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Work work;
    private boolean isClosed;

    /// @param folder of the copies that the work takes
    /// @param modules a folder that hosts share
    WorkedHost(Host host, HostCommands commands, URI engine, Path folder, Path modules) {
        this.host = host;
        this.commands = commands;
        this.engine = engine;
        this.folder = folder;
        this.modules = modules;
    }

    /// @param ref of the machine
    private record Work(String ref, Way way, HostMachine machine, Thread thread) {
        boolean isOn(Mark mark) {
            return ref.equals(mark.ref()) && thread.isAlive();
        }

        void end() {
            machine.close();
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /// Whether it is at work on the machine; not whether somebody else has taken it.
    boolean isWorking(Mark mark) {
        Work now = now();
        return now != null && now.isOn(mark);
    }

    /// Whether it is at work on the machine, and nobody else is: the host is asked.
    ///
    /// @throws ProblemException as [RemoteHosts#run]
    boolean has(Mark mark) {
        Work now = now();
        return now != null && now.isOn(mark) && now.way().isThere();
    }

    private @Nullable Work now() {
        lock.lock();
        try {
            return work;
        } finally {
            lock.unlock();
        }
    }

    /// Takes the machine and works it, until it is [left][#leave()] or somebody else takes it.
    ///
    /// @param modulesHere of all hosts
    /// @throws ProblemException as [HostCommands#take]
    void take(Mark mark, ModuleCache modulesHere) {
        lock.lock();
        try {
            end();
            if (isClosed) {
                throw ProviderCode.CLOSED.problem("the provider was closed", null);
            }
            Way way = new Way(UUID.randomUUID().toString());
            commands.take(host, mark, way.worker);
            Engine caller = new Engines(KnownEngines.only(engine), null);
            Path home = Path.of(host.directory()).resolve("machine");
            HostMachine machine =
                    new HostMachine(
                            folder,
                            home.resolve("agent"),
                            way,
                            caller,
                            modulesHere.of(caller),
                            modules,
                            new HostMachine.Terms(
                                    there ->
                                            IdentityPlace.on(
                                                    there,
                                                    home.resolve("agent/identity.json"),
                                                    home.resolve("boot-token")),
                                    host.ipAddress(),
                                    null,
                                    "systemctl reboot",
                                    "systemctl poweroff"));
            way.machine = machine;
            Thread thread =
                    Thread.ofVirtual().name("ssh-work-" + host).unstarted(() -> run(machine));
            work = new Work(mark.ref(), way, machine, thread);
            thread.start();
            LOG.log(Level.INFO, "host {0}: the machine is worked from here", host);
        } finally {
            lock.unlock();
        }
    }

    private static void run(HostMachine machine) {
        try {
            machine.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Works no longer, and forgets what it knows of the machine here.
    void leave() {
        lock.lock();
        try {
            end();
            Folders.delete(folder);
        } catch (IOException e) {
            LOG.log(Level.WARNING, "{0}: {1}", host, e.getMessage());
        } finally {
            lock.unlock();
        }
    }

    private void end() {
        if (work != null) {
            work.end();
            work = null;
        }
    }

    /// Jobs go on.
    @Override
    public void close() {
        lock.lock();
        try {
            isClosed = true;
            end();
        } finally {
            lock.unlock();
        }
    }

    /// To the host, for who has taken the machine under this word.
    private final class Way implements HostShell {
        private final String worker;
        private volatile @Nullable HostMachine machine;

        Way(String worker) {
            this.worker = worker;
        }

        boolean isThere() {
            return commands.work(host, worker, "return 0").status() == 0;
        }

        @Override
        public HostAnswer run(String script) throws IOException {
            Answer answer;
            try {
                answer = commands.work(host, worker, script);
            } catch (ProblemException e) {
                throw failure(e);
            }
            if (answer.status() == HostCommands.LOST) {
                LOG.log(Level.INFO, "host {0}: the machine is not worked from here any more", host);
                HostMachine lost = machine;
                if (lost != null) {
                    lost.close();
                }
                throw new InterruptedIOException("somebody else works on host " + host);
            }
            return new HostAnswer(answer.status(), answer.lines(), answer.errors());
        }

        private IOException failure(ProblemException e) {
            if (e.code().equals(ProviderCode.INTERRUPTED.code())
                    || e.code().equals(ProviderCode.CLOSED.code())) {
                InterruptedIOException interrupted = new InterruptedIOException(e.getMessage());
                interrupted.initCause(e);
                return interrupted;
            }
            return RemoteHosts.isTooLong(e)
                    ? new HostAnswerTooLongException()
                    : new IOException(e.getMessage(), e);
        }

        @Override
        public String toString() {
            return "host " + host;
        }
    }
}
