package dev.formwork.cli.demo;

import dev.formwork.cli.apply.Application;
import dev.formwork.cli.apply.ApplyOptions;
import dev.formwork.cli.client.ClusterDocument;
import dev.formwork.cli.client.EngineClient;
import dev.formwork.cli.client.EngineLocation;
import dev.formwork.cli.client.PlanDocument;
import dev.formwork.cli.plan.ClusterFile;
import dev.formwork.cli.plan.ClusterName;
import dev.formwork.cli.plan.PackOptions;
import dev.formwork.cli.plan.PlanRequests;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.cli.terminal.Style;
import dev.formwork.model.value.Value;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/// `formwork demo`.
@Command(
        name = "demo",
        description =
                "Starts an engine in the background, makes a cluster of three etcd members on this"
                        + " host, writes a key to one and reads it from another.")
public final class DemoCommand implements Callable<Integer> {
    private final Session session;

    @Option(
            names = "--metal",
            description =
                    "Does it on three bare virtual machines (QEMU) that boot by network into the"
                            + " container OS.")
    private boolean metal;

    @Option(names = "--down", description = "Removes all that the demo made.")
    private boolean down;

    public DemoCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        DemoHome home = new DemoHome(session.dataDirectory(), metal ? "metal-demo" : "demo");
        DemoEngine engine =
                new DemoEngine(
                        home,
                        session.clock(),
                        session.distribution().root(),
                        metal ? MetalDemo.serve(home) : List.of());
        if (down) {
            new DemoEnd(session, home, engine).run();
            return ExitCode.OK;
        }
        Preflight.here(session.environment()).check();
        try (DemoHome.Lock _ = home.lock()) {
            return metal ? new MetalDemo(session, home).up(engine) : up(home, engine);
        }
    }

    private int up(DemoHome home, DemoEngine engine) throws InterruptedException {
        Path file = session.distribution().example("quickstart/cluster.yaml");
        ClusterFile cluster = ClusterFile.read("examples/quickstart/cluster.yaml", file);
        boolean besides = EngineLocation.in(home.home(), Optional.empty()).isPresent();
        EngineLocation location =
                engine.runningOrStarted(session::say, "Starting an engine in the background ...");
        session.connect(location);
        EngineClient client = session.client();
        if (!new EarlierRun(session).over(ClusterName.of(cluster))) {
            return ExitCode.WAITS;
        }
        PlanDocument plan =
                client.makePlan(
                        PlanRequests.apply(
                                cluster,
                                new PackOptions().upload(session, Optional.of(file)),
                                true));
        session.say("");
        int exitCode = new Application(session).apply(plan, ApplyOptions.approved()).exitCode();
        if (exitCode != ExitCode.OK) {
            return exitCode;
        }
        ClusterDocument made = client.cluster(ClusterName.of(cluster));
        String value = "hello from " + session.clock().instant().truncatedTo(ChronoUnit.SECONDS);
        KeyRoundTrip.Proof proof = new KeyRoundTrip(home, made).run(value);
        if (!session.document(document(proof))) {
            say(proof);
            lookAround(home, proof, made.name(), besides);
        }
        return ExitCode.OK;
    }

    private void say(KeyRoundTrip.Proof proof) {
        Style style = session.style();
        session.print("");
        session.print("Wrote %s = %s".formatted(KeyRoundTrip.KEY, style.bold(proof.wrote())));
        session.print("   to %s".formatted(proof.writer()));
        session.print("Read  %s = %s".formatted(KeyRoundTrip.KEY, style.bold(proof.read())));
        session.print(" from %s".formatted(proof.reader()));
    }

    /// Commands that work as they stand; short where this is the only engine.
    private void lookAround(
            DemoHome home, KeyRoundTrip.Proof proof, String cluster, boolean besides) {
        String program = session.program();
        if (besides) {
            program += " --data-dir " + home.directory();
        }
        session.print("");
        session.print("Look around:");
        for (String command :
                List.of("status " + cluster, "machines", "runs", "logs latest member")) {
            session.print("  " + program + " " + command);
        }
        session.print("  " + proof.etcdctl() + " endpoint status --cluster -w table");
        session.print("Change examples/quickstart/cluster.yaml, and:");
        session.print("  " + program + " apply examples/quickstart/cluster.yaml");
        session.print("Remove all of it:");
        session.print("  " + session.program() + " demo --down");
        session.out().flush();
    }

    private static Value.Struct document(KeyRoundTrip.Proof proof) {
        return Session.struct(
                "key", Value.of(KeyRoundTrip.KEY),
                "wrote", Value.of(proof.wrote()),
                "to", Value.of(proof.writer()),
                "read", Value.of(proof.read()),
                "from", Value.of(proof.reader()));
    }
}
