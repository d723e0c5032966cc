package dev.formwork.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.formwork.model.JobId;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.store.Change;

import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/// A run that is forgotten goes a few rows at a time, each few in a transaction of their own:
/// nobody waits for all of them.
abstract class PurgeContract {
    private static final int NODES = 2_500;
    private static final int JOBS = 1_200;
    private static final int CHUNKS = 700;
    private static final int MOST = 2_000;

    private final Encoder encoder = new Encoder(PowerLoss.SEALER);

    /// An empty one.
    abstract Backend open() throws Exception;

    @Test
    void forgetsARunInSmallTransactions() throws Exception {
        Backend backend = open();
        try (Connection other = backend.connect()) {
            SqlWriter writer = new SqlWriter(backend);
            // As the engine does whose turn it is.
            writer.write(
                    List.of(new Write.Seating((statements, dropped) -> dropped.read(statements))));
            writer.write(encoder.encode(run()));
            long all = NODES + 2L * JOBS + CHUNKS;
            assertThat(rows(other)).isEqualTo(all);

            writer.write(encoder.encode(List.of(new Change.DropRun(Samples.RUN))));

            assertThat(rows(other)).as("it is only marked").isEqualTo(all);
            assertThat(number(other, "select count(*) from runs")).isZero();
            List<Long> steps = new ArrayList<>();
            boolean more = true;
            while (more) {
                long before = rows(other);
                more = writer.tidy();
                steps.add(before - rows(other));
            }
            assertThat(rows(other)).isZero();
            assertThat(number(other, "select count(*) from dropped_runs")).isZero();
            assertThat(steps).as("rows of each transaction").allMatch(rows -> rows <= MOST);
        } finally {
            backend.close(true);
        }
    }

    private static List<Change> run() {
        List<Change> run = new ArrayList<>();
        run.add(new Change.PutRun(Samples.run("R1", "c", Samples.NOW, RunRecord.State.SUCCEEDED)));
        for (int i = 0; i < NODES; i++) {
            run.add(new Change.PutNode(NodeRecord.blocked(Samples.RUN, NodeKey.of("s", "m-" + i))));
        }
        for (int i = 0; i < JOBS; i++) {
            JobId job = new JobId("J" + i);
            run.add(
                    new Change.PutJob(
                            Samples.job(
                                    job.value(),
                                    Samples.RUN,
                                    Samples.NOW,
                                    JobRecord.State.CLOSED)));
            // What has no content makes no chunk.
            byte[] log = new byte[i < CHUNKS ? 10 : 0];
            run.add(new Change.AppendLog(job, 0, ByteBuffer.wrap(log)));
        }
        return run;
    }

    private static long rows(Connection connection) throws SQLException {
        return number(
                connection,
                "select (select count(*) from nodes) + (select count(*) from jobs)"
                        + " + (select count(*) from logs) + (select count(*) from log_chunks)");
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            assertThat(row.next()).isTrue();
            return row.getLong(1);
        }
    }
}
