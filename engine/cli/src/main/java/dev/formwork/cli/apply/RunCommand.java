package dev.formwork.cli.apply;

import dev.formwork.cli.client.ModuleDocument;
import dev.formwork.cli.client.RunNode;
import dev.formwork.cli.document.Format;
import dev.formwork.cli.plan.PackOptions;
import dev.formwork.cli.plan.PlanRequests;
import dev.formwork.cli.session.Session;
import dev.formwork.cli.watch.LogFollower;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/// `formwork run`.
@Command(
        name = "run",
        description =
                "Runs one module on chosen machines: a plan like any other, shown, approved and"
                        + " recorded. Prints what it writes.")
public final class RunCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "MODULE", description = "A task, or a workflow of one group.")
    private String module = "";

    @Option(
            names = "--on",
            paramLabel = "MACHINE",
            split = ",",
            description = "Machines by name; may be repeated.")
    private List<String> machines = new ArrayList<>();

    @Option(
            names = "--where",
            paramLabel = "CEL",
            description =
                    "Machines by what they are, such as: cluster == 'demo' && facts.cpu.count >= 8")
    private Optional<String> where = Optional.empty();

    @Option(
            names = "--with",
            paramLabel = "NAME=VALUE",
            description = "An input; NAME=@FILE takes a file's content. May be repeated.")
    private Map<String, String> with = new LinkedHashMap<>();

    @Mixin private ApplyOptions options;
    @Mixin private PackOptions packs;

    public RunCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (machines.isEmpty() == where.isEmpty()) {
            throw ProblemException.of(
                    "cli.usage", "say on which machines", "either --on NAME,NAME or --where CEL");
        }
        List<String> digests = packs.upload(session, Optional.of(session.resolve(Path.of("."))));
        ModuleDocument found = session.client().module(module, digests);
        Map<String, Value> values = WithValues.read(with, found.inputs(), session::resolve);
        Application.Applied applied =
                new Application(session)
                        .apply(
                                session.client()
                                        .makePlan(
                                                PlanRequests.module(
                                                        module, digests, machines, where, values)),
                                options);
        if (!applied.run().isEmpty() && !options.detach && session.format() == Format.TABLE) {
            logs(applied.run());
        }
        return applied.exitCode();
    }

    private void logs(String run) {
        List<RunNode> nodes =
                session.client().nodes(run).stream()
                        .filter(node -> node.action().equals("step") && node.job().isPresent())
                        .toList();
        LogFollower logs = new LogFollower(session, run);
        for (RunNode node : nodes) {
            session.print("");
            session.print(session.style().bold(node.machine().orElse(node.key())));
            logs.print(node.key(), "  ");
        }
        session.out().flush();
    }
}
