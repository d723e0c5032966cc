package dev.formwork.agent;

import dev.formwork.agent.container.ContainerRunner;
import dev.formwork.agent.disk.DurableFile;
import dev.formwork.agent.facts.FactsReader;
import dev.formwork.agent.facts.SystemNicAddresses;
import dev.formwork.agent.host.CommandShell;
import dev.formwork.agent.host.HostShell;
import dev.formwork.agent.identity.IdentityPlace;
import dev.formwork.agent.identity.Registration;
import dev.formwork.agent.job.JobSite;
import dev.formwork.agent.job.Workplace;
import dev.formwork.agent.journal.Journal;
import dev.formwork.agent.module.ModuleCache;
import dev.formwork.agent.power.MachinePower;
import dev.formwork.agent.runner.Runners;
import dev.formwork.agent.transport.CaFile;
import dev.formwork.agent.transport.Contact;
import dev.formwork.agent.transport.Engine;
import dev.formwork.agent.transport.Engines;
import dev.formwork.agent.transport.KnownEngines;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/// Starts the agent. Ends with 0 after TERM, 1 where the agent's folder can't be used, 2 where its
/// environment is wrong.
public final class Main {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

    private static final String LOG_FORMAT = "java.util.logging.SimpleFormatter.format";

    private Main() {}

    /// Takes no arguments: the environment says everything, as [Settings] lists it.
    public static void main(String[] arguments) throws InterruptedException {
        if (System.getProperty(LOG_FORMAT) == null) {
            System.setProperty(LOG_FORMAT, "%1$tFT%1$tT.%1$tL %4$s %5$s%6$s%n");
        }
        try {
            run(Settings.from(System.getenv()));
        } catch (Settings.InvalidException e) {
            System.err.println("formwork-agent: " + e.getMessage());
            Runtime.getRuntime().halt(2);
        } catch (IOException e) {
            System.err.println("formwork-agent: " + e.getMessage());
            Runtime.getRuntime().halt(1);
        }
    }

    private static void run(Settings settings) throws IOException, InterruptedException {
        DurableFile.createFolder(settings.folder());
        try (FileChannel file =
                        FileChannel.open(
                                settings.folder().resolve("lock"),
                                StandardOpenOption.CREATE,
                                StandardOpenOption.WRITE);
                FileLock lock = file.tryLock()) {
            if (lock == null) {
                throw new IOException("another agent works in " + settings.folder());
            }
            // Jobs go on without the agent; the next one finds them in the journal.
            Runtime.getRuntime().addShutdownHook(new Thread(() -> Runtime.getRuntime().halt(0)));
            if (settings.hostShell() == null) {
                agent(settings).run();
            } else {
                // A virtual thread, since only such a one can be interrupted in a poll.
                HostMachine machine =
                        hostMachine(
                                settings,
                                new CommandShell(List.of(settings.hostShell().split(" +", -1))));
                Thread.ofVirtual().name("host").start(() -> work(machine)).join();
            }
        }
    }

    private static void work(HostMachine machine) {
        try {
            machine.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Agent agent(Settings settings) throws IOException {
        Path folder = settings.folder();
        Engine engine = engine(settings);
        Contact contact = new Contact(new Random());
        DurableFile.createPrivateFolder(folder.resolve("jobs"));
        DurableFile.createFolder(folder.resolve("state"));
        Workplace workplace =
                new Workplace(
                        engine,
                        contact,
                        Journal.open(folder.resolve("journal")),
                        ModuleCache.open(folder.resolve("modules"), engine),
                        Runners.load(
                                new ContainerRunner(
                                        folder.resolve("images"), folder.resolve("jobs"))),
                        JobSite.here(),
                        new MachinePower(settings.rebootCommand(), settings.powerOffCommand()),
                        Clock.systemUTC(),
                        settings.bootId() == null
                                ? Files.readString(BOOT_ID).strip()
                                : settings.bootId(),
                        Map.copyOf(System.getenv()),
                        folder.resolve("jobs"),
                        folder.resolve("state"),
                        settings.cache());
        Registration registration =
                new Registration(
                        IdentityPlace.here(
                                folder.resolve("identity.json"), settings.bootTokenFile()),
                        engine,
                        contact,
                        Main::randomBytes);
        FactsReader facts =
                new FactsReader(
                        Path.of("/"),
                        settings.address(),
                        System.getProperty("os.arch"),
                        new SystemNicAddresses());
        return new Agent(registration, workplace, () -> {}, facts::read, version());
    }

    static HostMachine hostMachine(Settings settings, HostShell shell) throws IOException {
        Path folder = settings.folder();
        Engine engine = engine(settings);
        return new HostMachine(
                folder,
                Objects.requireNonNull(settings.hostFolder()),
                shell,
                engine,
                ModuleCache.open(folder.resolve("modules"), engine),
                folder.resolve("modules"),
                new HostMachine.Terms(
                        _ ->
                                IdentityPlace.here(
                                        folder.resolve("identity.json"), settings.bootTokenFile()),
                        settings.address(),
                        settings.bootId(),
                        settings.rebootCommand(),
                        settings.powerOffCommand()));
    }

    private static Engine engine(Settings settings) throws IOException {
        return new Engines(
                KnownEngines.open(settings.folder().resolve("engines.json"), settings.engines()),
                settings.caFile() == null ? null : CaFile.trust(settings.caFile()));
    }

    static byte[] randomBytes() {
        byte[] bytes = new byte[32];
        new SecureRandom().nextBytes(bytes);
        return bytes;
    }

    static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
