package dev.formwork.cli.machine;

import dev.formwork.cli.client.ParamsDocument;
import dev.formwork.cli.session.Session;
import dev.formwork.cli.terminal.Printable;
import dev.formwork.cli.terminal.Table;
import dev.formwork.model.value.Value;
import dev.formwork.model.value.ValueJson;

import java.util.stream.Collectors;

/// Parameters for people, or as the document that was asked for.
final class ParamsText {
    private final Session session;

    ParamsText(Session session) {
        this.session = session;
    }

    void print(Value.Struct answer) {
        if (session.document(answer)) {
            return;
        }
        ParamsDocument params = session.client().paramsOf(answer);
        if (!params.profiles().isEmpty()) {
            session.print(
                    params.machine() + " takes profiles " + String.join(", ", params.profiles()));
        }
        Table table = new Table("PARAMETER", "VALUE", "FROM", "HIDES");
        for (ParamsDocument.Param param : params.params()) {
            table.row(
                    param.name(),
                    text(param.value()),
                    param.layer(),
                    param.hides().stream()
                            .map(hidden -> text(hidden.value()) + " (" + hidden.layer() + ")")
                            .collect(Collectors.joining(", ")));
        }
        if (table.isEmpty()) {
            session.print(params.machine() + " has no parameters.");
        } else {
            session.print(table);
        }
    }

    private static String text(Value value) {
        return Printable.line(
                value instanceof Value.Text(String text) ? text : ValueJson.write(value));
    }
}
