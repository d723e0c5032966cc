package dev.formwork.cli.look;

import dev.formwork.cli.client.RunNode;
import dev.formwork.cli.find.Finder;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.cli.watch.LogFollower;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/// `formwork logs`.
@Command(name = "logs", description = "Prints what the steps of a run wrote.")
public final class LogsCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(
            index = "0",
            paramLabel = "RUN",
            description = "A run's id, a cluster's name, or `latest`.")
    private String run = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "NODE",
            description = "Only this node, or the nodes of this step.")
    private Optional<String> node = Optional.empty();

    @Option(
            names = {"-f", "--follow"},
            description = "Goes on printing until it has ended.")
    private boolean follow;

    public LogsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        Finder finder = new Finder(session.client());
        String id = finder.run(run).id();
        LogFollower logs = new LogFollower(session, id);
        if (node.isPresent()) {
            List<String> keys =
                    follow ? List.of(finder.node(id, node.get())) : finder.nodes(id, node.get());
            for (String key : keys) {
                if (follow) {
                    logs.follow(key, "");
                } else if (keys.size() == 1) {
                    logs.print(key, "");
                } else {
                    session.print(session.style().bold(key));
                    logs.print(key, "  ");
                }
            }
        } else if (follow) {
            logs.followAll();
        } else {
            for (RunNode each : session.client().nodes(id)) {
                if (each.job().isPresent()) {
                    session.print(session.style().bold(each.key()) + "  " + each.state());
                    logs.print(each.key(), "  ");
                }
            }
        }
        return ExitCode.OK;
    }
}
