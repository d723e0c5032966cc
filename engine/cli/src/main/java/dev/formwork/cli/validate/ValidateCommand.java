package dev.formwork.cli.validate;

import static dev.formwork.cli.terminal.Words.count;

import dev.formwork.cli.catalog.OfflinePacks;
import dev.formwork.cli.plan.PackOptions;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.ProblemPrinter;
import dev.formwork.cli.session.Session;
import dev.formwork.model.value.Value;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;

/// `formwork validate`.
@Command(
        name = "validate",
        description =
                "Checks a cluster's file, a module, a pack, a profile, a test, a pool, prices or a"
                        + " boot server's file, and prints all that is wrong. Needs no engine.")
public final class ValidateCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "FILE|DIR", description = "What to check.")
    private Path path = Path.of("");

    @Mixin private PackOptions packs;

    public ValidateCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        OfflinePacks offline =
                new OfflinePacks(
                        session.resolve(Path.of("")), session.distribution().standardPack());
        Validation.Result result =
                new Validation(offline, packs.all(session, Optional.empty()))
                        .of(session.resolve(path));
        boolean valid = result.problems().isEmpty();
        Map<String, Value> document = new LinkedHashMap<>();
        document.put("valid", Value.of(valid));
        document.putAll(ProblemPrinter.document(result.problems()).fields());
        if (!session.document(Value.of(document))) {
            print(result.checked(), result);
        }
        return valid ? ExitCode.OK : ExitCode.ERROR;
    }

    private void print(List<String> checked, Validation.Result result) {
        if (result.problems().isEmpty()) {
            checked.forEach(line -> session.print(session.style().green("ok") + "  " + line));
            return;
        }
        new ProblemPrinter(session).text(result.problems(), session.out());
        session.print("");
        session.print(count(result.problems().size(), "problem") + ".");
    }
}
