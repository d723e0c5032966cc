package dev.formwork.cli.demo;

import dev.formwork.cli.client.EngineClient;
import dev.formwork.cli.client.Run;
import dev.formwork.cli.session.Session;
import dev.formwork.cli.watch.RunWatch;

import java.util.Optional;

/// A run that an earlier start of the demo has left under way: what it does not do is planned anew
/// afterwards.
final class EarlierRun {
    private static final int LATEST = 20;

    private final Session session;

    EarlierRun(Session session) {
        this.session = session;
    }

    /// Watches it to its end.
    ///
    /// @return whether there is none now; otherwise it waits for a person, who was told
    boolean over(String cluster) {
        EngineClient client = session.client();
        Optional<Run> open =
                client.runs(client.runList(Optional.of(cluster), LATEST)).stream()
                        .filter(run -> !run.ended())
                        .findFirst();
        if (open.isEmpty()) {
            return true;
        }
        String id = open.get().id();
        session.say("Run %s of %s is still under way:".formatted(id, cluster));
        new RunWatch(session).follow(id);
        return client.run(id).ended();
    }
}
