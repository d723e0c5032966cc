package dev.formwork.cli.boot;

import dev.formwork.boot.lease.JournalLeaseBook;
import dev.formwork.cli.client.EngineLocation;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.server.boot.BootService;
import dev.formwork.server.boot.BootSetup;
import dev.formwork.server.boot.EngineDoor;
import dev.formwork.server.home.DataDirectory;
import dev.formwork.server.home.UntilStopped;
import dev.formwork.server.log.EngineLog;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;

/// `formwork boot`.
@Command(
        name = "boot",
        description =
                "Serves DHCP, TFTP and HTTP to machines of a site, for an engine elsewhere"
                        + " (--url, --token-file, --ca-file). TERM and Ctrl-C stop it.")
public final class BootCommand implements Callable<Integer> {
    private final Session session;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "FILE",
            description = "With kind: BootServer (docs/netboot.md).")
    private Optional<Path> file = Optional.empty();

    /// Its commands are added by [#in].
    private BootCommand(Session session) {
        this.session = session;
    }

    /// The command with the one below it.
    public static picocli.CommandLine in(Session session) {
        return new picocli.CommandLine(new BootCommand(session))
                .addSubcommand("status", new BootStatusCommand(session));
    }

    @Override
    public Integer call() throws InterruptedException {
        Path named =
                file.orElseThrow(() ->
                        new ParameterException(
                                spec.commandLine(), "say what: a FILE to serve, or status"));
        BootSetup setup = BootSetup.load(session.resolve(named));
        EngineLocation engine = session.location();
        DataDirectory data = DataDirectory.open(session.dataDirectory().resolve("boot"));
        EngineLog.writeTo(data.root(), true);
        JournalLeaseBook leases = new JournalLeaseBook(data.file("leases"));
        BootService service =
                BootService.start(
                        setup,
                        data,
                        leases,
                        new EngineDoor(engine.uris(), engine.token(), engine.caFile()),
                        Clock.systemUTC());
        UntilStopped stopped =
                UntilStopped.stopping(() -> {
                    service.close();
                    leases.close();
                });
        session.print(
                "The boot server is ready"
                        + service.url().map(url -> ": " + url).orElse("")
                        + ", for the engine at "
                        + engine.uri());
        session.out().flush();
        stopped.await();
        return ExitCode.OK;
    }
}
