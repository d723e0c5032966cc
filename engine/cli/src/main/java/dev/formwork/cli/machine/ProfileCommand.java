package dev.formwork.cli.machine;

import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.model.value.Value;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/// `formwork machine profile`.
@Command(
        name = "profile",
        description =
                "Says which profiles a machine takes: later ones over earlier ones, all below what"
                        + " is set for it. Counts from the next plan on.")
final class ProfileCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "MACHINE", description = "A name or an id.")
    private String machine = "";

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "NAME",
            description = "Profiles; none: it takes none any more.")
    private List<String> profiles = List.of();

    ProfileCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        new ParamsText(session)
                .print(
                        session.client()
                                .setParams(
                                        machine,
                                        Map.of(
                                                "profiles",
                                                Value.of(
                                                        profiles.stream()
                                                                .map(Value::of)
                                                                .toList()))));
        return ExitCode.OK;
    }
}
