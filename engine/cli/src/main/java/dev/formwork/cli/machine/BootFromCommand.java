package dev.formwork.cli.machine;

import dev.formwork.cli.client.MachineBoot;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.util.List;
import java.util.concurrent.Callable;

/// `formwork machine boot`.
@Command(
        name = "boot",
        description =
                "Has a machine boot from its network, its disk or its virtual drive, by its provider;"
                        + " or says from what it boots. Starts nothing.")
final class BootFromCommand implements Callable<Integer> {
    private static final List<String> DEVICES = List.of("network", "disk", "media");

    private final Session session;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Parameters(
            index = "0",
            paramLabel = "network|disk|media|show",
            description = "`media`, the virtual drive, goes with --once only.")
    private String device = "";

    @Parameters(index = "1", paramLabel = "MACHINE", description = "A name or an id.")
    private String machine = "";

    @Option(names = "--once", description = "The next time only.")
    private boolean once;

    BootFromCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (!device.equals("show") && !DEVICES.contains(device)) {
            throw new ParameterException(spec.commandLine(), "say network, disk, media or show");
        }
        MachineBoot answer =
                device.equals("show")
                        ? session.client().boot(machine)
                        : session.client().bootFrom(machine, device, once);
        if (!session.document(answer.json())) {
            session.print(
                    "%s boots from its %s%s"
                            .formatted(
                                    answer.machine(),
                                    said(answer.always()),
                                    answer.once()
                                            .map(next ->
                                                    ", and the next time from its " + said(next))
                                            .orElse("")));
        }
        return ExitCode.OK;
    }

    private static String said(String device) {
        return device.equals("media") ? "virtual drive" : device;
    }
}
