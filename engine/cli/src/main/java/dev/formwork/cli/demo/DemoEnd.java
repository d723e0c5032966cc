package dev.formwork.cli.demo;

import static dev.formwork.cli.terminal.Words.count;

import dev.formwork.cli.apply.Application;
import dev.formwork.cli.apply.ApplyOptions;
import dev.formwork.cli.client.ClusterDocument;
import dev.formwork.cli.client.EngineClient;
import dev.formwork.cli.client.EngineLocation;
import dev.formwork.cli.client.Run;
import dev.formwork.cli.files.Trees;
import dev.formwork.cli.plan.PlanRequests;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.cli.watch.RunEnd;
import dev.formwork.model.ProblemException;

import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Removes all that the demo made: first in order, by its engine, then by force, whatever was
/// killed or broken before.
final class DemoEnd {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final int MOST_RUNS = 20;

    private final Session session;
    private final DemoHome home;
    private final DemoEngine engine;

    DemoEnd(Session session, DemoHome home, DemoEngine engine) {
        this.session = session;
        this.home = home;
        this.engine = engine;
    }

    void run() throws InterruptedException {
        if (!Files.isDirectory(home.home())) {
            session.say("There is no demo in " + home.directory() + ".");
            return;
        }
        boolean was = Files.isDirectory(home.directory());
        try (DemoHome.Lock _ = home.lock()) {
            Set<String> machines = new TreeSet<>(home.machineIds());
            Optional<EngineLocation> running = inOrder();
            if (running.isPresent()) {
                engine.stop(running.get());
                session.say("The engine has stopped.");
            }
            machines.addAll(home.machineIds());
            int left = new OwnProcesses(home.directory(), machines).end();
            if (left > 0) {
                session.say("Ended " + count(left, "process") + " that were left.");
            }
            Trees.delete(home.directory());
            home.removeTraces();
        }
        session.say(
                was
                        ? "Nothing is left of the demo."
                        : "There is no demo in " + home.directory() + ".");
    }

    /// @return the engine, for it to be stopped
    private Optional<EngineLocation> inOrder() throws InterruptedException {
        Optional<EngineLocation> running = engine.running();
        try {
            if (running.isEmpty() && home.hasStore()) {
                session.say(
                        "The demo's engine does not run: starting it to take the cluster down ...");
                running = Optional.of(engine.start());
            }
            if (running.isPresent()) {
                session.connect(running.get());
                destroyAll(session.client());
            }
        } catch (ProblemException e) {
            session.say(
                    "Not in order ("
                            + e.problems().getFirst()
                            + "): ending its processes instead.");
            running = running.or(home::engine);
        }
        return running;
    }

    private void destroyAll(EngineClient client) throws InterruptedException {
        for (Run run : client.runs(client.runList(Optional.empty(), MOST_RUNS))) {
            if (!run.ended()) {
                client.cancel(run.id(), false);
                RunEnd.await(client, run.id(), PATIENCE, session.clock());
            }
        }
        for (ClusterDocument cluster : client.clusters(client.clusterList())) {
            int exitCode =
                    new Application(session)
                            .apply(
                                    client.makePlan(PlanRequests.destroy(cluster.name(), true)),
                                    ApplyOptions.approved())
                            .exitCode();
            if (exitCode != ExitCode.OK) {
                throw ProblemException.of(
                        "demo.not-destroyed",
                        "cluster " + cluster.name() + " could not be taken down",
                        null);
            }
        }
    }
}
