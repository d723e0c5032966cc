package dev.formwork.agent;

import dev.formwork.agent.disk.DurableFile;
import dev.formwork.agent.facts.HostFacts;
import dev.formwork.agent.host.Host;
import dev.formwork.agent.host.HostShell;
import dev.formwork.agent.host.RebootNotice;
import dev.formwork.agent.identity.IdentityPlace;
import dev.formwork.agent.identity.Registration;
import dev.formwork.agent.job.JobSite;
import dev.formwork.agent.job.Workplace;
import dev.formwork.agent.journal.Journal;
import dev.formwork.agent.module.ModuleCache;
import dev.formwork.agent.pace.Backoff;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/// A machine that is a host without an agent: speaks the agent's protocol for it, and has its jobs
/// run there over a shell. After each boot of the host it begins anew. For one thread, which
/// anybody may have end.
public final class HostMachine implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(HostMachine.class.getName());

    private final Path folder;
    private final Path hostFolder;
    private final HostShell shell;
    private final Engine engine;
    private final ModuleCache modules;
    private final Path modulesFolder;
    private final Terms terms;
    private final Random random = new Random();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicReference<@Nullable Thread> worker = new AtomicReference<>();

    /// What else is to be known of a machine.
    ///
    /// @param identity where its identity is kept, here or on the host
    /// @param address where other machines reach it; found out if null
    /// @param bootId the kernel's if null
    /// @param rebootCommand for the host's shell
    /// @param powerOffCommand for the host's shell
    public record Terms(
            Function<Host, IdentityPlace> identity,
            @Nullable String address,
            @Nullable String bootId,
            String rebootCommand,
            String powerOffCommand) {}

    /// @param folder of the machine on this machine: copies
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

    /// Returns when it is closed.
    public void run() throws InterruptedException {
        Backoff backoff = Backoff.forEngine(random);
        worker.set(Thread.currentThread());
        while (closing.getCount() > 0) {
            RebootNotice notice = new RebootNotice(Thread.currentThread());
            String trouble = "";
            try {
                session(notice::give).run();
            } catch (InterruptedException e) {
                trouble = "interrupted";
            } catch (IOException e) {
                trouble = String.valueOf(e.getMessage());
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, "the agent has a fault", e);
                trouble = e.toString();
            }
            if (notice.close()) {
                LOG.log(Level.INFO, "{0}: the host was booted anew", shell);
            } else if (closing.getCount() > 0) {
                LOG.log(Level.WARNING, "{0}: the host can''t be worked on: {1}", shell, trouble);
            }
            boolean _ = closing.await(backoff.next().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /// Ends the work. Jobs go on, for whoever works on the host next.
    @Override
    public void close() {
        closing.countDown();
        Thread running = worker.get();
        if (running != null) {
            running.interrupt();
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
                new Registration(terms.identity().apply(host), engine, contact, Main::randomBytes);
        HostFacts facts = new HostFacts(host, folder.resolve("facts"), terms.address());
        return new Agent(registration, workplace, () -> answers(host), facts::read, Main.version());
    }

    /// It does, some time. One that is cut off does not poll meanwhile; one that somebody else
    /// works by now ends here.
    private static void answers(Host host) throws IOException {
        List<String> _ = host.call("return 0");
    }

    private static boolean isDone(Host host, String command) throws IOException {
        return host.call(
                        "(eval %s) >/dev/null 2>&1 && echo done; return 0"
                                .formatted(Host.quote(command)))
                .equals(List.of("done"));
    }
}
