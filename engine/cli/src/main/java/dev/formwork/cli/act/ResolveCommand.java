package dev.formwork.cli.act;

import dev.formwork.cli.client.RunNode;
import dev.formwork.cli.find.Finder;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.model.value.Value;
import dev.formwork.model.yaml.YamlValues;

import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;

/// `formwork resolve`.
@Command(
        name = "resolve",
        description =
                "Answers a step that may happen only once and of which nobody knows whether it did.")
public final class ResolveCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(
            index = "0",
            paramLabel = "RUN",
            description = "A run's id, a cluster's name, or `latest`.")
    private String run = "";

    @Parameters(index = "1", paramLabel = "NODE", description = "As status shows it.")
    private String node = "";

    @ArgGroup(multiplicity = "1")
    private Answer answer = new Answer();

    @Option(
            names = "--with-output",
            paramLabel = "NAME=VALUE",
            description = "Where it happened: an output, as YAML. May be repeated.")
    private Map<String, String> outputs = new LinkedHashMap<>();

    static final class Answer {
        @Option(names = "--happened", required = true, description = "It did happen.")
        boolean happened;

        @Option(
                names = "--not-happened",
                required = true,
                description = "It did not: it runs again.")
        boolean notHappened;
    }

    public ResolveCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Finder finder = new Finder(session.client());
        String id = finder.run(run).id();
        Map<String, Value> values = new LinkedHashMap<>();
        outputs.forEach(
                (name, text) -> values.put(name, YamlValues.read("--with-output " + name, text)));
        RunNode resolved =
                session.client().resolve(id, finder.node(id, node), answer.happened, values);
        if (!session.document(resolved.json())) {
            session.print(resolved.key() + " is " + session.style().state(resolved.state()) + ".");
        }
        return ExitCode.OK;
    }
}
