package dev.formwork.cli.machine;

import dev.formwork.cli.session.Session;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `formwork machine`.
@Command(
        name = "machine",
        description =
                "Sets a machine's own parameters; its power, console, hardware; approves, forgets.",
        synopsisSubcommandLabel = "COMMAND")
public final class MachineCommand implements Runnable {
    @Spec private CommandSpec spec = CommandSpec.create();

    /// Its commands are added by [#in].
    private MachineCommand() {}

    /// The command with those below it.
    public static picocli.CommandLine in(Session session) {
        return new picocli.CommandLine(new MachineCommand())
                .addSubcommand("set", new SetCommand(session))
                .addSubcommand("profile", new ProfileCommand(session))
                .addSubcommand("approve", new ApproveMachineCommand(session))
                .addSubcommand("forget", new ForgetMachineCommand(session))
                .addSubcommand("reinstall", new ReinstallCommand(session))
                .addSubcommand("power", new PowerCommand(session))
                .addSubcommand("console", new ConsoleCommand(session))
                .addSubcommand("inventory", new InventoryCommand(session))
                .addSubcommand("sensors", new SensorsCommand(session))
                .addSubcommand("events", new HardwareEventsCommand(session))
                .addSubcommand("identify", new IdentifyCommand(session))
                .addSubcommand("boot", new BootFromCommand(session))
                .addSubcommand("media", new MediaCommand(session))
                .addSubcommand("firmware", new FirmwareCommand(session))
                .addSubcommand("bios", new BiosCommand(session));
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(),
                "say what: set, profile, approve, forget, reinstall, power, console,"
                        + " inventory, sensors, events, identify, boot, media, firmware, bios");
    }
}
