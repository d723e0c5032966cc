package dev.formwork.cli.pool;

import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.cli.terminal.Table;
import dev.formwork.model.value.Value;

import picocli.CommandLine.Command;

import java.util.concurrent.Callable;

/// `formwork pool list`.
@Command(name = "list", description = "Lists pools, and how many of their machines are free.")
final class ListPoolsCommand implements Callable<Integer> {
    private final Session session;

    ListPoolsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Value.Struct list = session.client().poolList();
        if (session.document(list)) {
            return ExitCode.OK;
        }
        Table table = new Table("POOL", "MACHINES", "WAITING", "CLEAN");
        session.client()
                .pools(list)
                .forEach(pool ->
                        table.row(
                                pool.name(),
                                PoolText.counts(pool.counts()),
                                Integer.toString(pool.waiting().size()),
                                pool.clean()));
        if (table.isEmpty()) {
            session.print("No pools.");
        } else {
            session.print(table);
        }
        return ExitCode.OK;
    }
}
