package dev.formwork.cli;

import dev.formwork.cli.act.ApproveCommand;
import dev.formwork.cli.act.CancelCommand;
import dev.formwork.cli.act.PauseCommand;
import dev.formwork.cli.act.ResolveCommand;
import dev.formwork.cli.act.ResumeCommand;
import dev.formwork.cli.act.RetryCommand;
import dev.formwork.cli.act.SkipCommand;
import dev.formwork.cli.act.TaintCommand;
import dev.formwork.cli.apply.ApplyCommand;
import dev.formwork.cli.apply.DestroyCommand;
import dev.formwork.cli.apply.RunCommand;
import dev.formwork.cli.artifact.ArtifactsCommand;
import dev.formwork.cli.backup.BackupCommand;
import dev.formwork.cli.backup.RestoreCommand;
import dev.formwork.cli.boot.BootCommand;
import dev.formwork.cli.demo.DemoCommand;
import dev.formwork.cli.image.ImageCommand;
import dev.formwork.cli.look.CaCommand;
import dev.formwork.cli.look.ExplainCommand;
import dev.formwork.cli.look.LogsCommand;
import dev.formwork.cli.look.MachinesCommand;
import dev.formwork.cli.look.ModulesCommand;
import dev.formwork.cli.look.ReplayCommand;
import dev.formwork.cli.look.RunsCommand;
import dev.formwork.cli.look.StatusCommand;
import dev.formwork.cli.machine.MachineCommand;
import dev.formwork.cli.machine.ParamsCommand;
import dev.formwork.cli.moduletest.TestCommand;
import dev.formwork.cli.plan.PlanCommand;
import dev.formwork.cli.pool.PoolCommand;
import dev.formwork.cli.serve.ServeCommand;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.GlobalOptions;
import dev.formwork.cli.session.ProblemPrinter;
import dev.formwork.cli.session.Session;
import dev.formwork.cli.shell.CompletionCommand;
import dev.formwork.cli.validate.ValidateCommand;
import dev.formwork.model.ProblemException;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/// The program `formwork`.
@Command(
        name = "formwork",
        description = "Turns bare metal and cloud instances into working clusters.",
        versionProvider = Version.class,
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "`formwork COMMAND --help` says more. Start with `formwork demo`."})
public final class Main {
    @SuppressWarnings("UnusedVariable") // picocli fills it in, commands read it by their session
    @Mixin
    private final GlobalOptions options;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Prints the version, and ends.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean version;

    private Main(GlobalOptions options) {
        this.options = options;
    }

    /// Runs one command and ends the process with its exit code ([ExitCode]).
    ///
    /// @param arguments the command line, without the program's name
    public static void main(String[] arguments) {
        Session session =
                new Session(
                        System.getenv(),
                        Path.of("").toAbsolutePath(),
                        new BufferedReader(
                                new InputStreamReader(
                                        new FileInputStream(FileDescriptor.in),
                                        StandardCharsets.UTF_8)),
                        writer(FileDescriptor.out),
                        writer(FileDescriptor.err),
                        Clock.system(ZoneId.systemDefault()));
        int exitCode = run(session, arguments);
        session.out().flush();
        session.err().flush();
        System.exit(exitCode);
    }

    static int run(Session session, String... arguments) {
        return commandLine(session).execute(arguments);
    }

    static CommandLine commandLine(Session session) {
        CommandLine commandLine = new CommandLine(new Main(session.options()));
        commands(session)
                .forEach((name, command) -> commandLine.addSubcommand(name, command.get()));
        ProblemPrinter problems = new ProblemPrinter(session);
        return commandLine
                .setOut(session.out())
                .setErr(session.err())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(false)
                .setExecutionExceptionHandler((exception, _, _) -> {
                    session.out().flush();
                    if (exception instanceof ProblemException problem) {
                        problems.print(problem);
                        return problem.code().equals("cli.usage") ? ExitCode.USAGE : ExitCode.ERROR;
                    }
                    problems.printUnexpected(exception);
                    return ExitCode.ERROR;
                })
                .setExitCodeExceptionMapper(_ -> ExitCode.ERROR)
                .setParameterExceptionHandler((exception, _) -> usage(exception, session));
    }

    private static Map<String, Supplier<Object>> commands(Session session) {
        Map<String, Supplier<Object>> commands = new LinkedHashMap<>();
        commands.put("demo", () -> new DemoCommand(session));
        commands.put("serve", () -> new ServeCommand(session, Version.current()));
        commands.put("validate", () -> new ValidateCommand(session));
        commands.put("plan", () -> new PlanCommand(session));
        commands.put("apply", () -> new ApplyCommand(session));
        commands.put("destroy", () -> new DestroyCommand(session));
        commands.put("run", () -> new RunCommand(session));
        commands.put("status", () -> new StatusCommand(session));
        commands.put("runs", () -> new RunsCommand(session));
        commands.put("machines", () -> new MachinesCommand(session));
        commands.put("machine", () -> MachineCommand.in(session));
        commands.put("pool", () -> PoolCommand.in(session));
        commands.put("params", () -> new ParamsCommand(session));
        commands.put("modules", () -> new ModulesCommand(session));
        commands.put("logs", () -> new LogsCommand(session));
        commands.put("explain", () -> new ExplainCommand(session));
        commands.put("replay", () -> new ReplayCommand(session));
        commands.put("boot", () -> BootCommand.in(session));
        commands.put("ca", () -> new CaCommand(session));
        commands.put("backup", () -> new BackupCommand(session));
        commands.put("restore", () -> new RestoreCommand(session));
        commands.put("approve", () -> new ApproveCommand(session));
        commands.put("cancel", () -> new CancelCommand(session));
        commands.put("pause", () -> new PauseCommand(session));
        commands.put("resume", () -> new ResumeCommand(session));
        commands.put("retry", () -> new RetryCommand(session));
        commands.put("skip", () -> new SkipCommand(session));
        commands.put("resolve", () -> new ResolveCommand(session));
        commands.put("taint", () -> new TaintCommand(session));
        commands.put("test", () -> new TestCommand(session, Version.current()));
        commands.put("artifacts", () -> ArtifactsCommand.in(session));
        commands.put("image", () -> ImageCommand.in(session));
        commands.put("version", () -> new VersionCommand(session));
        commands.put("completion", () -> new CompletionCommand(session));
        return commands;
    }

    private static int usage(CommandLine.ParameterException exception, Session session) {
        PrintWriter err = session.err();
        err.println("error: cli.usage: " + exception.getMessage());
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(exception, err)) {
            err.println(
                    "    hint: "
                            + exception.getCommandLine().getCommandSpec().qualifiedName()
                            + " --help says what there is");
        }
        err.flush();
        return ExitCode.USAGE;
    }

    private static PrintWriter writer(FileDescriptor descriptor) {
        Writer bytes =
                new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8);
        return new PrintWriter(bytes);
    }
}
