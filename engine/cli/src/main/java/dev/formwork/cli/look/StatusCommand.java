package dev.formwork.cli.look;

import static dev.formwork.cli.terminal.Words.count;

import dev.formwork.cli.client.ClusterDocument;
import dev.formwork.cli.client.EngineClient;
import dev.formwork.cli.client.Run;
import dev.formwork.cli.find.Finder;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.cli.terminal.Printable;
import dev.formwork.cli.terminal.Table;
import dev.formwork.cli.terminal.Times;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/// `formwork status`.
@Command(
        name = "status",
        description = "Shows the engine and its clusters, or one cluster, or one run.")
public final class StatusCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(
            arity = "0..1",
            paramLabel = "CLUSTER|RUN",
            description = "A cluster's name, a run's id, or `latest`.")
    private Optional<String> what = Optional.empty();

    public StatusCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        EngineClient client = session.client();
        if (what.isEmpty()) {
            engine(client);
            return ExitCode.OK;
        }
        Optional<ClusterDocument> cluster = cluster(client, what.get());
        if (cluster.isPresent()) {
            if (!session.document(cluster.get().json())) {
                show(cluster.get());
            }
        } else {
            new RunStatus(session).show(new Finder(client).run(what.get()));
        }
        return ExitCode.OK;
    }

    private static Optional<ClusterDocument> cluster(EngineClient client, String name) {
        if (name.equals("latest")) {
            return Optional.empty();
        }
        try {
            return Optional.of(client.cluster(name));
        } catch (ProblemException e) {
            if (e.code().equals("cluster.unknown")) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private void engine(EngineClient client) {
        Value.Struct engine = client.show();
        Value.Struct clusters = client.clusterList();
        Map<String, Value> document = new LinkedHashMap<>();
        document.put("engine", engine);
        document.put("clusters", clusters.fields().getOrDefault("items", Value.of(List.of())));
        if (session.document(Value.of(document))) {
            return;
        }
        session.print(
                "Engine %s at %s, version %s, %s"
                        .formatted(
                                text(engine, "id"),
                                client.uri(),
                                text(engine, "version"),
                                session.style().state(text(engine, "status"))));
        List<ClusterDocument> items = client.clusters(clusters);
        session.print("");
        if (items.isEmpty()) {
            session.print("No clusters. `" + session.program() + " apply FILE` makes one.");
            return;
        }
        Instant now = session.clock().instant();
        Table table = new Table("CLUSTER", "MACHINES", "READY", "LAST RUN", "STATE", "WHEN");
        for (ClusterDocument cluster : items) {
            long ready = cluster.members().stream().filter(m -> m.state().equals("ready")).count();
            table.row(
                    cluster.name(),
                    Integer.toString(cluster.members().size()),
                    Long.toString(ready),
                    cluster.lastRun().map(Run::id).orElse("-"),
                    cluster.lastRun().map(run -> session.style().state(run.state())).orElse("-"),
                    cluster.lastRun()
                            .flatMap(run -> run.endedAt().or(run::createdAt))
                            .map(then -> Times.ago(then, now))
                            .orElse(""));
        }
        session.print(table);
    }

    private void show(ClusterDocument cluster) {
        session.print(
                "Cluster %s, %s"
                        .formatted(
                                session.style().bold(cluster.name()),
                                count(cluster.members().size(), "machine")));
        cluster.lastRun()
                .ifPresent(run ->
                        session.print(
                                "Last run %s (%s): %s"
                                        .formatted(
                                                run.id(),
                                                run.kind(),
                                                session.style().state(run.state()))));
        if (!cluster.members().isEmpty()) {
            session.print("");
            Table table = new Table("MACHINE", "GROUP", "STATE", "ADDRESS", "PROVIDER");
            cluster.members()
                    .forEach(member ->
                            table.row(
                                    member.name(),
                                    member.group(),
                                    session.style().state(member.state())
                                            + (member.standing() ? "" : " (new)"),
                                    member.address().orElse("-"),
                                    member.provider().orElse("-")));
            session.print(table);
        }
        if (!cluster.outputs().fields().isEmpty()) {
            session.print("");
            session.print("Outputs");
            cluster.outputs().fields().forEach(this::output);
        }
    }

    private void output(String name, Value value) {
        List<String> lines = new ArrayList<>();
        switch (value) {
            case Value.Sequence(List<Value> items) ->
                    items.forEach(item -> lines.add(item.toString()));
            default -> lines.addAll(value.toString().lines().toList());
        }
        boolean lots = lines.size() > 4 && !session.verbose();
        String lead = "  " + name + ": ";
        for (String line : lots ? lines.subList(0, 1) : lines) {
            session.print(lead + Printable.line(line));
            lead = " ".repeat(lead.length());
        }
        if (lots) {
            session.print(lead + "(" + (lines.size() - 1) + " more lines; -v shows them)");
        }
    }

    private static String text(Value.Struct struct, String key) {
        return String.valueOf(struct.fields().getOrDefault(key, Value.of("?")));
    }
}
