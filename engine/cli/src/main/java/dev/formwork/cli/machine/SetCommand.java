package dev.formwork.cli.machine;

import dev.formwork.cli.apply.WithValues;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.model.ProblemException;
import dev.formwork.model.Problems;
import dev.formwork.model.value.Value;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/// `formwork machine set`.
@Command(
        name = "set",
        description =
                "Sets parameters of one machine, above all that its cluster says. Counts from the"
                        + " next plan on.")
final class SetCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "MACHINE", description = "A name or an id.")
    private String machine = "";

    @Parameters(
            index = "1..*",
            paramLabel = "NAME=VALUE",
            description = "Inputs of workflows; @FILE takes a file's content.")
    private Map<String, String> values = new LinkedHashMap<>();

    @Option(names = "--unset", paramLabel = "NAME", description = "Takes one away; repeatable.")
    private List<String> unset = List.of();

    SetCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (values.isEmpty() && unset.isEmpty()) {
            throw ProblemException.of(
                    "cli.usage", "there is nothing to set", "such as `client_port=2379`");
        }
        Map<String, Value> request = new LinkedHashMap<>();
        request.put("set", Value.of(read()));
        request.put("unset", Value.of(unset.stream().map(Value::of).toList()));
        new ParamsText(session).print(session.client().setParams(machine, request));
        return ExitCode.OK;
    }

    private Map<String, Value> read() {
        Map<String, String> types = session.client().paramTypes();
        Map<String, Value> read = new LinkedHashMap<>();
        Problems problems = new Problems();
        values.forEach((name, text) -> {
            try {
                read.put(
                        name,
                        WithValues.value(
                                name, text, types.getOrDefault(name, ""), session::resolve));
            } catch (ProblemException e) {
                problems.addAll(e.problems());
            }
        });
        problems.throwIfAny();
        return read;
    }
}
