package dev.formwork.store;

import dev.formwork.store.json.Records;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.StepResult;

import org.jdbi.v3.core.Handle;

import java.util.List;

/// What steps achieved.
final class ResultRows {
    private static final Table RESULTS =
            new Table("results", List.of("cluster", "node_key"), List.of("doc"));

    private ResultRows() {}

    static Write put(StepResult result, Records records) {
        return Write.Put.of(
                RESULTS,
                Columns.row(result.cluster(), result.key().toString(), records.write(result)));
    }

    static Write drop(String cluster, NodeKey key) {
        return new Write.Drop(RESULTS, Columns.row(cluster, key.toString()));
    }

    static List<StepResult> of(Handle handle, Records records, String cluster) {
        return handle.createQuery("select doc from results where cluster = :cluster")
                .bind("cluster", cluster)
                .mapTo(String.class)
                .map(records::result)
                .list();
    }
}
