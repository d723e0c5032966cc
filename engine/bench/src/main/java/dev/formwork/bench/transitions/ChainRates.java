package dev.formwork.bench.transitions;

import dev.formwork.bench.database.Place;
import dev.formwork.bench.dbos.DbosChains;
import dev.formwork.bench.engine.LoopRate;
import dev.formwork.bench.report.Series;
import dev.formwork.bench.transitions.TransitionsReport.ChainFigure;
import dev.formwork.bench.transitions.TransitionsReport.Compared;
import dev.formwork.store.secret.SecretSealer;
import dev.formwork.workflow.store.Store;

import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;

/// Chains of empty steps through core, loop and store, each on a machine of its own, and the same
/// chains in DBOS where there is PostgreSQL: both on one server, in turns.
final class ChainRates implements AutoCloseable {
    private final Place place;
    private final int chains;
    private final int steps;
    private final Store store;
    private final LoopRate ours;
    private final Optional<DbosChains> theirs;

    /// @param chains at the same time
    /// @param steps of each
    ChainRates(Place place, int chains, int steps, SecretSealer sealer, Clock clock) {
        this.place = place;
        this.chains = chains;
        this.steps = steps;
        this.store = place.open("chains_" + chains, sealer);
        this.ours = new LoopRate(store, sealer, clock, chains);
        this.theirs =
                switch (place) {
                    case Place.OnPostgres postgres ->
                            Optional.of(
                                    new DbosChains(
                                            postgres.server(),
                                            postgres.database("dbos_" + chains)));
                    case Place.InFiles _ -> Optional.empty();
                };
    }

    /// @param announce told the number of each round, from 0
    ChainFigure measure(int warmUps, int rounds, IntConsumer announce) {
        List<Double> transitions = new ArrayList<>();
        List<Double> ourSteps = new ArrayList<>();
        List<Double> theirSteps = new ArrayList<>();
        for (int round = 0; round < warmUps + rounds; round++) {
            announce.accept(round);
            Optional<Double> dbos = theirs.map(each -> each.round(chains, steps));
            LoopRate.Timing timing = ours.round(chains * steps);
            if (round >= warmUps) {
                transitions.add(timing.transitionsPerSecond());
                ourSteps.add(timing.nodesPerSecond(chains * steps));
                dbos.ifPresent(theirSteps::add);
            }
        }
        return new ChainFigure(
                place.name(),
                chains,
                steps,
                Series.of(transitions, 0),
                Series.of(ourSteps, 0),
                theirs.map(_ ->
                        new Compared(
                                Series.of(theirSteps, 0),
                                Series.ratios(transitions, theirSteps),
                                Series.ratios(ourSteps, theirSteps))));
    }

    @Override
    public void close() {
        theirs.ifPresent(DbosChains::close);
        ours.close();
        store.close();
    }
}
