package dev.formwork.cli.act;

import dev.formwork.cli.client.EngineClient;
import dev.formwork.cli.client.Run;
import dev.formwork.cli.find.Finder;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.cli.watch.RunWatch;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/// `formwork retry`.
@Command(
        name = "retry",
        description = "Goes on with what failed or was cancelled, in the same run, and watches it.")
public final class RetryCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(
            index = "0",
            paramLabel = "RUN",
            description = "A run's id, a cluster's name, or `latest`.")
    private String run = "";

    @Parameters(
            index = "1..*",
            paramLabel = "NODE",
            description = "Only these; all that failed where left out.")
    private List<String> nodes = new ArrayList<>();

    @Option(names = "--detach", description = "Does not wait for the run's end.")
    private boolean detach;

    public RetryCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        EngineClient client = session.client();
        Finder finder = new Finder(client);
        String id = finder.run(run).id();
        Run retried = client.retry(id, nodes.stream().map(node -> finder.node(id, node)).toList());
        if (detach) {
            if (!session.document(retried.json())) {
                session.print("Run " + id + " goes on.");
            }
            return ExitCode.OK;
        }
        return new RunWatch(session).follow(id);
    }
}
