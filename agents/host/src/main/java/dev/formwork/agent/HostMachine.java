package dev.formwork.agent;

import dev.formwork.agent.disk.DurableFile;
import dev.formwork.agent.facts.HostFacts;
import dev.formwork.agent.host.Host;
import dev.formwork.agent.host.HostShell;
import dev.formwork.agent.identity.Registration;
import dev.formwork.agent.job.JobSite;
import dev.formwork.agent.job.Workplace;
import dev.formwork.agent.journal.Journal;
import dev.formwork.agent.module.ModuleCache;
import dev.formwork.agent.pace.Backoff;
import dev.formwork.agent.pace.Signal;
import dev.formwork.agent.power.MachinePower;
import dev.formwork.agent.runner.Runners;
import dev.formwork.agent.transport.Contact;
import dev.formwork.agent.transport.Engine;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;

/// A machine that is a host without an agent: speaks the agent's protocol for it, and has its jobs
/// run there over a shell. After each boot of the host it begins anew. For one thread.
public final class HostMachine {
    private static final System.Logger LOG = System.getLogger(HostMachine.class.getName());

    private final Path folder;
    private final Path hostFolder;
    private final HostShell shell;
    private final Engine engine;
    private final ModuleCache modules;
    private final Path modulesFolder;
    private final Terms terms;
    private final Random random = new Random();

    /// What else is to be known of a machine.
    ///
    /// @param bootToken the file with the token that it registers with, until it has
    /// @param address where other machines reach it; found out if null
    /// @param bootId the kernel's if null
    /// @param rebootCommand for the host's shell
    /// @param powerOffCommand for the host's shell
    public record Terms(
            @Nullable Path bootToken,
            @Nullable String address,
            @Nullable String bootId,
            String rebootCommand,
            String powerOffCommand) {}

    /// @param folder of the machine on this machine: its identity, and copies
    /// @param hostFolder of the machine on the host
    /// @param modulesFolder of the modules, which several may share
    public HostMachine(
            Path folder,
            Path hostFolder,
            HostShell shell,
            Engine engine,
            ModuleCache modules,
            Path modulesFolder,
            Terms terms) {
        this.folder = folder;
        this.hostFolder = hostFolder;
        this.shell = shell;
        this.engine = engine;
        this.modules = modules;
        this.modulesFolder = modulesFolder;
        this.terms = terms;
    }

    /// Returns only with an exception: when the thread is interrupted. Jobs go on then.
    public void run() throws InterruptedException {
        Backoff backoff = Backoff.forEngine(random);
        Signal pause = new Signal();
        while (true) {
            AtomicBoolean rebooted = new AtomicBoolean();
            Thread worker = Thread.currentThread();
            // Once: who hears of it later must not disturb what came next.
            Runnable onRebooted =
                    () -> {
                        if (rebooted.compareAndSet(false, true)) {
                            worker.interrupt();
                        }
                    };
            try {
                session(onRebooted).run();
            } catch (InterruptedException e) {
                if (!rebooted.get()) {
                    throw e;
                }
                LOG.log(Level.INFO, "the host was booted anew");
            } catch (IOException e) {
                if (!rebooted.get() && Thread.currentThread().isInterrupted()) {
                    throw new InterruptedException(e.getMessage());
                }
                LOG.log(Level.WARNING, "the host can''t be worked on: {0}", e.getMessage());
            }
            // Of the reboot, which is known.
            boolean _ = Thread.interrupted();
            pause.await(backoff.next());
        }
    }

    private Agent session(Runnable onRebooted) throws IOException {
        String told = terms.bootId();
        Host host =
                told == null
                        ? Host.reach(shell, random, onRebooted)
                        : Host.inBoot(shell, random, told);
        Path jobs = folder.resolve("jobs");
        DurableFile.createPrivateFolder(jobs);
        Contact contact = new Contact(random);
        Workplace workplace =
                new Workplace(
                        engine,
                        contact,
                        Journal.open(host, hostFolder.resolve("journal")),
                        modules,
                        Runners.onHost(folder, modulesFolder, hostFolder),
                        JobSite.on(host, folder, modulesFolder, hostFolder),
                        new MachinePower(
                                terms.rebootCommand(),
                                terms.powerOffCommand(),
                                command -> isDone(host, command)),
                        Clock.systemUTC(),
                        host.bootId(),
                        Map.of(),
                        jobs,
                        folder.resolve("state"),
                        null);
        Registration registration =
                new Registration(
                        folder.resolve("identity.json"),
                        terms.bootToken(),
                        engine,
                        contact,
                        Main::randomBytes);
        HostFacts facts = new HostFacts(host, folder.resolve("facts"), terms.address());
        return new Agent(registration, workplace, facts::read, Main.version());
    }

    private static boolean isDone(Host host, String command) throws IOException {
        return host.call(
                        "(eval %s) >/dev/null 2>&1 && echo done; return 0"
                                .formatted(Host.quote(command)))
                .equals(List.of("done"));
    }
}
