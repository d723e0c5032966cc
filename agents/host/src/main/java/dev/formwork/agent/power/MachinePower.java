package dev.formwork.agent.power;

import dev.formwork.agent.protocol.Outcome;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.lang.System.Logger.Level;
import java.util.concurrent.TimeUnit;

/// Reboots the machine, or powers it off, by a command of the shell.
public final class MachinePower {
    private static final System.Logger LOG = System.getLogger(MachinePower.class.getName());
    private static final long LONGEST_SECONDS = 120;

    private final String rebootCommand;
    private final String powerOffCommand;

    private final Shell shell;

    /// Of this machine.
    public MachinePower(String rebootCommand, String powerOffCommand) {
        this(rebootCommand, powerOffCommand, MachinePower::runHere);
    }

    /// Of another.
    public MachinePower(String rebootCommand, String powerOffCommand, Shell shell) {
        this.rebootCommand = rebootCommand;
        this.powerOffCommand = powerOffCommand;
        this.shell = shell;
    }

    /// Runs a command on the machine.
    public interface Shell {
        /// @return whether it ended well
        boolean run(String command) throws IOException, InterruptedException;
    }

    /// Takes the machine down as the outcome asks for.
    ///
    /// @return whether the command says that it will happen
    public boolean down(Outcome outcome) throws InterruptedException {
        String command = outcome == Outcome.POWER_OFF ? powerOffCommand : rebootCommand;
        LOG.log(Level.INFO, "{0}: {1}", outcome.wireName(), command);
        try {
            if (shell.run(command)) {
                return true;
            }
            LOG.log(Level.ERROR, "the machine does not go down: {0} fails", command);
        } catch (IOException e) {
            LOG.log(Level.ERROR, "the machine does not go down: {0}", e.getMessage());
        }
        return false;
    }

    /// In a session of its own, because it may end the agent.
    private static boolean runHere(String command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder("setsid", "sh", "-c", command)
                        .redirectInput(Redirect.from(new File("/dev/null")))
                        .redirectOutput(Redirect.INHERIT)
                        .redirectError(Redirect.INHERIT)
                        .start();
        return process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
    }
}
