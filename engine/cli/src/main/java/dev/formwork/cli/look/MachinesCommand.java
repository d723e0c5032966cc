package dev.formwork.cli.look;

import dev.formwork.cli.client.MachineDocument;
import dev.formwork.cli.document.Documents;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.cli.terminal.Printable;
import dev.formwork.cli.terminal.Table;
import dev.formwork.cli.terminal.Times;
import dev.formwork.model.value.Value;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/// `formwork machines`.
@Command(name = "machines", description = "Lists machines, or shows one with its facts.")
public final class MachinesCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(arity = "0..1", paramLabel = "MACHINE", description = "A name or an id: shows it.")
    private Optional<String> machine = Optional.empty();

    @Option(names = "--cluster", paramLabel = "NAME", description = "Only those of this cluster.")
    private Optional<String> cluster = Optional.empty();

    public MachinesCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (machine.isPresent()) {
            MachineDocument found = session.client().machine(machine.get());
            if (!session.document(found.json())) {
                show(found);
            }
            return ExitCode.OK;
        }
        Value.Struct list = session.client().machineList(cluster);
        if (session.document(list)) {
            return ExitCode.OK;
        }
        Table table = new Table("MACHINE", "STATE", "CLUSTER", "ADDRESS", "PROVIDER", "SEEN");
        List<MachineDocument> all = session.client().machines(list);
        for (MachineDocument each : all) {
            table.row(
                    each.name(),
                    session.style().state(each.state()),
                    each.cluster().orElse("-"),
                    each.address().map(Printable::line).orElse("-"),
                    each.provider().orElse("-"),
                    seen(each));
        }
        if (table.isEmpty()) {
            session.print("No machines.");
        } else {
            session.print(table);
        }
        all.stream()
                .filter(each -> !each.held().isEmpty())
                .forEach(each ->
                        session.print(
                                each.name()
                                        + " waits for approval: compare "
                                        + String.join(" or ", each.held())
                                        + " with its console, then `formwork machine approve "
                                        + each.name()
                                        + " --code CODE`"));
        return ExitCode.OK;
    }

    private void show(MachineDocument found) {
        session.print(
                session.style().bold(found.name()) + "  " + session.style().state(found.state()));
        line("id", found.id());
        found.cluster()
                .ifPresent(name ->
                        line("cluster", name + found.group().map(g -> ", group " + g).orElse("")));
        found.provider().ifPresent(name -> line("provider", name));
        found.address().ifPresent(address -> line("address", Printable.line(address)));
        line("seen", seen(found));
        found.disk()
                .ifPresent(disk ->
                        line("disk", disk.equals("wanted") ? "to be installed again" : disk));
        found.held()
                .forEach(code ->
                        line(
                                "approve",
                                "formwork machine approve " + found.name() + " --code " + code));
        if (!found.facts().fields().isEmpty()) {
            session.print("facts:");
            Documents.yaml(found.facts())
                    .lines()
                    .forEach(line -> session.print("  " + Printable.line(line)));
        }
    }

    private void line(String name, String value) {
        session.print("  %-9s %s".formatted(name, value));
    }

    private String seen(MachineDocument each) {
        Instant now = session.clock().instant();
        return each.lastSeen().map(then -> Times.ago(then, now)).orElse("never");
    }
}
