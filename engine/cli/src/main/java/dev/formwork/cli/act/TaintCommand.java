package dev.formwork.cli.act;

import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.model.value.Value;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.concurrent.Callable;

/// `formwork taint`.
@Command(
        name = "taint",
        description = "Has a recorded step run again with the next plan, whatever its inputs.")
public final class TaintCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(index = "0", paramLabel = "CLUSTER", description = "The cluster's name.")
    private String cluster = "";

    @Parameters(index = "1", paramLabel = "NODE", description = "Such as member@demo-members-0.")
    private String node = "";

    public TaintCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        session.client().taint(cluster, node);
        if (!session.document(
                Session.struct("cluster", Value.of(cluster), "tainted", Value.of(node)))) {
            session.print(node + " of " + cluster + " runs again with the next plan.");
        }
        return ExitCode.OK;
    }
}
