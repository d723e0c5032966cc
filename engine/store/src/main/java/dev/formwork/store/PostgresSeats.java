package dev.formwork.store;

import dev.formwork.model.MachineId;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.shard.Shard;
import dev.formwork.workflow.store.EngineAddress;
import dev.formwork.workflow.store.Seats;

import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/// Seats in the tables `engines` and `shards`. What changes them is done by the writer, in the
/// order of commits and behind the check of the lease, like everything that is written.
final class PostgresSeats implements Seats {
    private static final String OPEN_RUN =
            Columns.list(Arrays.stream(RunRecord.State.values()).filter(state -> !state.ended()));
    private static final String OPEN_JOB =
            Columns.list(
                    Arrays.stream(JobRecord.State.values())
                            .filter(state -> state != JobRecord.State.CLOSED));

    /// What nobody has, each with the living engine to whom it is left, if there is one: the one
    /// whose own machine it is, or else the one that asked for it.
    private static final String FREE =
            """
            select s.shard, coalesce(m.engine, a.engine, '') from shards s
            left join engines m on s.shard = 'engine-' || m.own_machine
            left join engines a on s.asked_by = a.engine
            where s.owner is null for update of s skip locked\
            """;

    private final String self;
    private final GroupCommit commits;
    private final Readers readers;

    PostgresSeats(String self, GroupCommit commits, Readers readers) {
        this.self = self;
        this.commits = commits;
        this.readers = readers;
    }

    @Override
    public boolean areShared() {
        return true;
    }

    @Override
    public CompletableFuture<Void> announce(EngineAddress address, MachineId ownMachine) {
        return commits.add(
                List.of(
                        new Write.Seating((statements, _) -> {
                            statements.execute(
                                    "update engines set url = ?, secure_url = ?, own_machine = ?"
                                            + " where engine = ?",
                                    Columns.row(
                                            address.local().toString(),
                                            Columns.maybe(address.secure()),
                                            ownMachine.value(),
                                            self));
                            enter(statements, Shard.ofEngine(ownMachine));
                            for (Shard shard : Shard.all()) {
                                enter(statements, shard);
                            }
                        })));
    }

    private static void enter(Statements statements, Shard shard) throws SQLException {
        statements.execute(
                "insert into shards (shard) values (?) on conflict (shard) do nothing",
                Columns.row(shard.name()));
    }

    @Override
    public View view() {
        return readers.read(this::view);
    }

    private View view(Handle handle) {
        Map<String, Engine> engines = new TreeMap<>();
        handle.createQuery(
                        "select engine, holder, url, secure_url, own_machine,"
                                + " lease_until > clock_timestamp() as living from engines")
                .map((row, _) ->
                        new Engine(
                                row.getString("engine"),
                                row.getString("holder"),
                                address(row),
                                Columns.maybe(row, "own_machine", MachineId::new),
                                row.getBoolean("living")))
                .forEach(engine -> engines.put(engine.name(), engine));
        Map<Shard, Seat> seats = new TreeMap<>();
        handle.createQuery("select shard, owner, asked_by from shards")
                .map((row, _) ->
                        Map.entry(
                                new Shard(row.getString("shard")),
                                new Seat(
                                        Optional.ofNullable(row.getString("owner")),
                                        Optional.ofNullable(row.getString("asked_by"))
                                                .filter(by -> isLiving(engines.get(by))))))
                .forEach(seat -> seats.put(seat.getKey(), seat.getValue()));
        return new View(self, engines, seats);
    }

    private static Optional<EngineAddress> address(ResultSet row) throws SQLException {
        Optional<URI> secure = Columns.maybe(row, "secure_url", URI::create);
        return Columns.maybe(row, "url", url -> new EngineAddress(URI.create(url), secure));
    }

    private static boolean isLiving(@Nullable Engine engine) {
        return engine != null && engine.living();
    }

    @Override
    public CompletableFuture<SortedSet<Shard>> take(Set<Shard> wanted) {
        AtomicReference<SortedSet<Shard>> taken = new AtomicReference<>(new TreeSet<>());
        Write.Seating taking =
                new Write.Seating((statements, dropped) -> {
                    taken.set(take(statements, Set.copyOf(wanted)));
                    if (taken.get().contains(Shard.FIRST)) {
                        dropped.read(statements);
                    }
                });
        return commits.add(List.of(taking)).thenApply(_ -> taken.get());
    }

    private SortedSet<Shard> take(Statements statements, Set<Shard> wanted) throws SQLException {
        buryTheDead(statements);
        TreeMap<Shard, Optional<String>> free = new TreeMap<>();
        for (List<String> row : rows(statements, FREE, Columns.row())) {
            free.merge(
                    new Shard(row.getFirst()),
                    Optional.of(row.getLast()).filter(by -> !by.isEmpty()),
                    (one, other) -> one.equals(Optional.of(self)) ? one : other);
        }
        TreeSet<Shard> ours = new TreeSet<>();
        for (List<String> row :
                rows(statements, "select shard from shards where owner = ?", Columns.row(self))) {
            ours.add(new Shard(row.getFirst()));
        }
        SortedSet<Shard> taken = new Ties(self, ties(statements)).take(free, ours, wanted);
        for (Shard shard : taken) {
            statements.execute(
                    "update shards set owner = ?, asked_by = null where shard = ?",
                    Columns.row(self, shard.name()));
        }
        return taken;
    }

    /// Whoever is just writing holds its row, and is passed over: it lives.
    private void buryTheDead(Statements statements) throws SQLException {
        for (List<String> dead :
                rows(
                        statements,
                        "select engine from engines where lease_until <= clock_timestamp()"
                                + " and engine <> ? for update skip locked",
                        Columns.row(self))) {
            statements.execute(Lease.END, Columns.row(dead.getFirst()));
        }
    }

    /// What one engine must have together.
    private static List<SortedSet<Shard>> ties(Statements statements) throws SQLException {
        List<SortedSet<Shard>> ties = new ArrayList<>();
        for (List<String> run :
                rows(
                        statements,
                        "select distinct shards from runs where state in "
                                + OPEN_RUN
                                + " and shards like '% %'",
                        Columns.row())) {
            ties.add(RunRows.shards(run.getFirst(), ""));
        }
        for (List<String> job :
                rows(
                        statements,
                        "select r.shards, r.cluster, j.machine_id from jobs j join runs r on r.run_id ="
                                + " j.run_id where j.state in "
                                + OPEN_JOB
                                + " and exists (select 1 from shards s where s.shard = 'engine-' ||"
                                + " j.machine_id)",
                        Columns.row())) {
            SortedSet<Shard> tie = RunRows.shards(job.get(0), job.get(1));
            tie.add(Shard.ofEngine(new MachineId(job.get(2))));
            ties.add(tie);
        }
        return ties;
    }

    private static List<List<String>> rows(
            Statements statements, String sql, List<@Nullable Object> parameters)
            throws SQLException {
        PreparedStatement statement = statements.statement(sql);
        statements.bind(statement, parameters);
        List<List<String>> found = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            int columns = rows.getMetaData().getColumnCount();
            while (rows.next()) {
                List<String> row = new ArrayList<>(columns);
                for (int column = 1; column <= columns; column++) {
                    row.add(rows.getString(column));
                }
                found.add(row);
            }
        }
        return found;
    }

    @Override
    public CompletableFuture<Void> release(Set<Shard> shards) {
        return commits.add(
                List.of(
                        new Write.Seating((statements, dropped) -> {
                            if (shards.contains(Shard.FIRST)) {
                                dropped.leave();
                            }
                            forEach(
                                    statements,
                                    shards,
                                    "update shards set owner = null where owner = ? and shard = ?");
                        })));
    }

    @Override
    public CompletableFuture<Void> ask(Set<Shard> shards) {
        return commits.add(
                List.of(
                        new Write.Seating((statements, _) ->
                                forEach(
                                        statements,
                                        shards,
                                        """
                                        update shards set asked_by = ? where shard = ?
                                        and (asked_by is null
                                             or asked_by not in (select engine from engines
                                                 where lease_until > clock_timestamp()))\
                                        """))));
    }

    private void forEach(Statements statements, Set<Shard> shards, String sql) throws SQLException {
        for (Shard shard : new TreeSet<>(shards)) {
            statements.execute(sql, Columns.row(self, shard.name()));
        }
    }
}
