package dev.formwork.cli.apply;

import dev.formwork.cli.client.EngineClient;
import dev.formwork.cli.client.PlanDocument;
import dev.formwork.cli.client.Run;
import dev.formwork.cli.document.Format;
import dev.formwork.cli.plan.PlanCommand;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.cli.watch.RunWatch;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;

/// From a plan to its run: shows it, asks, approves, starts and watches.
public final class Application {
    private final Session session;
    private final EngineClient client;

    public Application(Session session) {
        this.session = session;
        this.client = session.client();
    }

    /// What came of it.
    ///
    /// @param exitCode of the program
    /// @param run its id; empty where nothing was to do or somebody said no
    public record Applied(int exitCode, String run) {}

    /// @throws ProblemException `cli.needs-approval` where nobody can be asked; as
    ///   [ApplyOptions#check]
    public Applied apply(PlanDocument plan, ApplyOptions options) {
        boolean text = session.format() == Format.TABLE;
        if (text) {
            PlanCommand.show(session, plan);
        }
        if (plan.summary().empty()) {
            session.document(plan.json());
            return new Applied(ExitCode.OK, "");
        }
        options.check(plan);
        if (!options.yes && !agreed(plan)) {
            session.print("Nothing was changed.");
            return new Applied(ExitCode.ERROR, "");
        }
        Map<String, Value> terms = options.terms();
        client.approvePlan(plan.digest());
        Run run = client.startRun(plan.digest(), terms);
        if (options.detach) {
            if (!session.document(run.json())) {
                session.print("Run " + run.id() + " is under way.");
                session.print("  " + session.program() + " status " + run.id());
            }
            return new Applied(ExitCode.OK, run.id());
        }
        if (text) {
            session.print("");
            session.print("Run " + run.id());
        }
        session.out().flush();
        return new Applied(new RunWatch(session).follow(run.id()), run.id());
    }

    private boolean agreed(PlanDocument plan) {
        if (!session.terminal().input() || session.format() != Format.TABLE) {
            throw ProblemException.of(
                    "cli.needs-approval",
                    "nobody can be asked here whether to apply the plan",
                    "add --yes, or approve what was planned: apply --plan "
                            + plan.digest()
                            + " --yes");
        }
        session.out().print("\nApply exactly this? [y/N] ");
        session.out().flush();
        try {
            String answer = session.in().readLine();
            return answer != null && answer.strip().matches("(?i)y|yes");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the answer", e);
        }
    }
}
