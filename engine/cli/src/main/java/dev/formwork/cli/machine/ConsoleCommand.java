package dev.formwork.cli.machine;

import dev.formwork.cli.client.ConsolePart;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.cli.terminal.Printable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

/// `formwork machine console`.
@Command(
        name = "console",
        description = "Prints what a machine last printed on its console: why it does not come up.")
final class ConsoleCommand implements Callable<Integer> {
    /// Colours, and where to write on the screen (ECMA-48): they mean nothing in a list of lines.
    private static final Pattern SEQUENCE = Pattern.compile("\\x1b(\\[[0-9;?]*[ -/]*[@-~]|[@-Z])");

    private final Session session;

    @Parameters(index = "0", paramLabel = "MACHINE", description = "A name or an id.")
    private String machine = "";

    ConsoleCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        ConsolePart part = session.client().console(machine, 0);
        while (part.bytes().length > 0) {
            all.writeBytes(part.bytes());
            part = session.client().console(machine, part.next());
        }
        String text = all.toString(StandardCharsets.UTF_8);
        if (session.terminal().output()) {
            SEQUENCE.matcher(text)
                    .replaceAll("")
                    .lines()
                    .map(line -> Printable.line(line.replace("\r", "")))
                    .forEach(session::print);
        } else {
            session.out().print(text);
        }
        session.out().flush();
        return ExitCode.OK;
    }
}
