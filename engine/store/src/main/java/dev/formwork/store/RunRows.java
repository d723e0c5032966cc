package dev.formwork.store;

import dev.formwork.model.JobId;
import dev.formwork.model.RunId;
import dev.formwork.workflow.graph.Mutex;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.run.Epoch;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeRecord.Place;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.shard.Shard;

import org.jdbi.v3.core.Handle;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// Runs and their nodes. Nodes are the rows that change most: no JSON, no index but their key.
final class RunRows {
    private static final Table RUNS =
            new Table(
                    "runs",
                    List.of("run_id"),
                    List.of(
                            "cluster",
                            "kind",
                            "shards",
                            "plan_digest",
                            "state",
                            "requested_by",
                            "priority",
                            "timeout_millis",
                            "holding",
                            "deadline",
                            "reason",
                            "code",
                            "created_at",
                            "ended_at",
                            "epoch"));
    private static final Table NODES =
            new Table(
                    "nodes",
                    List.of("run_id", "node_key"),
                    List.of(
                            "state",
                            "attempt",
                            "phase",
                            "iteration",
                            "token",
                            "job_id",
                            "reason",
                            "code",
                            "question",
                            "wake_at",
                            "in_line_since",
                            "mutex",
                            "mutex_max",
                            "started_at",
                            "ended_at"));

    private static final String OPEN =
            Columns.list(Arrays.stream(RunRecord.State.values()).filter(state -> !state.ended()));

    private RunRows() {}

    static Write put(RunRecord run) {
        return new Write.Put(
                RUNS,
                Columns.row(
                        run.id().value(),
                        run.cluster(),
                        run.kind().name(),
                        shards(run.shards()),
                        run.planDigest(),
                        run.state().name(),
                        run.requestedBy(),
                        run.terms().priority(),
                        run.terms().timeout().map(Duration::toMillis).orElse(null),
                        run.holding(),
                        Columns.maybeTime(run.deadline()),
                        run.reason(),
                        Columns.maybe(run.code()),
                        Columns.time(run.createdAt()),
                        Columns.maybeTime(run.endedAt()),
                        run.epoch().number()),
                run.id());
    }

    private static String shards(SortedSet<Shard> shards) {
        return shards.stream().map(Shard::name).collect(Collectors.joining(" "));
    }

    /// Of a run that is older than shards: that of its cluster.
    static SortedSet<Shard> shards(String names, String cluster) {
        return names.isEmpty()
                ? new TreeSet<>(Set.of(Shard.ofCluster(cluster)))
                : Arrays.stream(names.split(" "))
                        .map(Shard::new)
                        .collect(Collectors.toCollection(TreeSet::new));
    }

    static Write put(NodeRecord node) {
        Optional<Mutex> mutex = node.place().flatMap(Place::mutex);
        return new Write.Put(
                NODES,
                Columns.row(
                        node.run().value(),
                        node.key().toString(),
                        node.state().name(),
                        node.attempt(),
                        node.phase(),
                        node.iteration(),
                        node.token(),
                        Columns.maybe(node.job()),
                        node.reason(),
                        Columns.maybe(node.code()),
                        node.question().map(NodeRecord.Question::name).orElse(null),
                        Columns.maybeTime(node.wakeAt()),
                        Columns.maybeTime(node.place().map(Place::since)),
                        Columns.maybe(mutex.map(Mutex::name)),
                        mutex.map(Mutex::max).orElse(null),
                        Columns.maybeTime(node.startedAt()),
                        Columns.maybeTime(node.endedAt())),
                node.run());
    }

    static Optional<RunRecord> run(Handle handle, RunId run) {
        return handle.createQuery("select * from runs where run_id = :run")
                .bind("run", run.value())
                .map((row, _) -> run(row))
                .findOne();
    }

    static List<RunRecord> newest(Handle handle, int limit) {
        return handle.createQuery(
                        """
                        select * from runs order by created_at desc, run_id desc
                        fetch first :limit rows only\
                        """)
                .bind("limit", limit)
                .map((row, _) -> run(row))
                .list();
    }

    static List<RunRecord> newest(Handle handle, String cluster, int limit) {
        return handle.createQuery(
                        """
                        select * from runs where cluster = :cluster
                        order by created_at desc, run_id desc
                        fetch first :limit rows only\
                        """)
                .bind("cluster", cluster)
                .bind("limit", limit)
                .map((row, _) -> run(row))
                .list();
    }

    static List<RunRecord> open(Handle handle) {
        return handle.createQuery("select * from runs where state in " + OPEN)
                .map((row, _) -> run(row))
                .list();
    }

    /// Oldest first: beyond the newest `keep` of their cluster, or ended before `before`.
    static List<RunRecord> old(Handle handle, int keep, Instant before, int limit) {
        return handle.createQuery(
                        """
                        select * from (
                          select r.*, row_number() over (
                            partition by case when kind = 'MODULE' then '' else cluster end
                            order by created_at desc, run_id desc) as place
                          from runs r) placed
                        where place > 1 and (place > :keep or ended_at < :before)
                        """
                                + " and state not in "
                                + OPEN
                                + " order by created_at, run_id fetch first :limit rows only")
                .bind("keep", keep)
                .bind("before", Columns.time(before))
                .bind("limit", limit)
                .map((row, _) -> run(row))
                .list();
    }

    static List<NodeRecord> nodes(Handle handle, RunId run) {
        return handle.createQuery(
                        """
                        select * from nodes where run_id = :run
                        and not exists (select 1 from dropped_runs where run_id = :run)\
                        """)
                .bind("run", run.value())
                .map((row, _) -> node(row))
                .list();
    }

    private static RunRecord run(ResultSet row) throws SQLException {
        return new RunRecord(
                new RunId(row.getString("run_id")),
                row.getString("cluster"),
                Plan.Kind.valueOf(row.getString("kind")),
                shards(row.getString("shards"), row.getString("cluster")),
                row.getString("plan_digest"),
                RunRecord.State.valueOf(row.getString("state")),
                row.getString("requested_by"),
                new RunRecord.Terms(
                        row.getInt("priority"),
                        Optional.ofNullable(row.getObject("timeout_millis", Long.class))
                                .map(Duration::ofMillis)),
                row.getBoolean("holding"),
                Columns.maybeTime(row, "deadline"),
                row.getString("reason"),
                Columns.maybeText(row, "code"),
                Columns.time(row, "created_at"),
                Columns.maybeTime(row, "ended_at"),
                new Epoch(row.getLong("epoch")));
    }

    private static NodeRecord node(ResultSet row) throws SQLException {
        return new NodeRecord(
                new RunId(row.getString("run_id")),
                NodeKey.parse(row.getString("node_key")),
                NodeState.valueOf(row.getString("state")),
                row.getInt("attempt"),
                row.getInt("phase"),
                row.getInt("iteration"),
                row.getLong("token"),
                Columns.maybe(row, "job_id", JobId::new),
                row.getString("reason"),
                Columns.maybeText(row, "code"),
                Columns.maybe(row, "question", NodeRecord.Question::valueOf),
                Columns.maybeTime(row, "wake_at"),
                place(row),
                Columns.maybeTime(row, "started_at"),
                Columns.maybeTime(row, "ended_at"));
    }

    private static Optional<Place> place(ResultSet row) throws SQLException {
        Optional<Instant> since = Columns.maybeTime(row, "in_line_since");
        if (since.isEmpty()) {
            return Optional.empty();
        }
        int max = row.getInt("mutex_max");
        return Optional.of(
                new Place(since.get(), Columns.maybe(row, "mutex", name -> new Mutex(name, max))));
    }
}
