package dev.formwork.cli.demo;

import dev.formwork.boot.artifact.ArtifactCache;
import dev.formwork.boot.artifact.Destinations;
import dev.formwork.cli.apply.Application;
import dev.formwork.cli.apply.ApplyOptions;
import dev.formwork.cli.client.ClusterDocument;
import dev.formwork.cli.client.EngineClient;
import dev.formwork.cli.client.EngineLocation;
import dev.formwork.cli.image.StandardImage;
import dev.formwork.cli.plan.ClusterFile;
import dev.formwork.cli.plan.PackOptions;
import dev.formwork.cli.plan.PlanRequests;
import dev.formwork.cli.session.ExitCode;
import dev.formwork.cli.session.Session;
import dev.formwork.model.ProblemException;
import dev.formwork.model.value.Value;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Boots three bare virtual machines by network into the container OS, and forms an etcd cluster on
/// them. Needs no root: each machine has a network card behind QEMU's user-mode network, by which
/// it boots and reaches the engine, and one on a segment with the others.
final class MetalDemo {
    /// How a machine sees the loopback of this host (QEMU, "Network emulation", user mode).
    private static final String HOST = "10.0.2.2";

    private static final long MOST_ARTIFACTS = 1L << 30;
    private static final String CLUSTER = "metal";
    private static final String KEY = "formwork/demo";

    private final Session session;
    private final DemoHome home;

    MetalDemo(Session session, DemoHome home) {
        this.session = session;
        this.home = home;
    }

    /// What the engine is started with.
    static List<String> serve(DemoHome home) {
        return List.of(
                "--boot",
                home.directory().resolve("boot.yaml").toString(),
                "--agents",
                "127.0.0.1:0",
                "--name",
                HOST);
    }

    int up(DemoEngine engine) throws InterruptedException {
        new MetalNeeds(session.environment(), Path.of("/"), session::say).ensure();
        home.create();
        home.removeUnfinished();
        Path image = home.directory().resolve("image");
        try {
            if (!Files.isRegularFile(image.resolve("initrd"))) {
                session.say("Building the container OS, once; that takes a minute or two ...");
            }
            // Does nothing where neither the agent nor anything else in it has changed.
            new StandardImage(session).build(image, home.directory().resolve("packages"), _ -> {});
            session.say("Fetching etcd, for machines that have no package sources ...");
            String digest = archive();
            Files.writeString(
                    home.directory().resolve("boot.yaml"),
                    """
                    kind: BootServer
                    image: image
                    http: 127.0.0.1:0          # machines see it at 10.0.2.2
                    arguments: [console=ttyS0]
                    """);
            EngineLocation location =
                    engine.runningOrStarted(
                            session::say,
                            "Starting an engine with a boot server in the background ...");
            session.connect(location);
            Path file = home.directory().resolve("cluster.yaml");
            Files.writeString(file, cluster(digest));
            return form(file);
        } catch (IOException e) {
            throw ProblemException.of(
                    "demo.directory", "cannot use " + home.directory() + ": " + e, null);
        }
    }

    private String archive() throws IOException, InterruptedException {
        Path pack =
                session.distribution()
                        .standardPack()
                        .orElseThrow(() ->
                                ProblemException.of(
                                        "demo.etcd-failed",
                                        "there is no standard pack here",
                                        null));
        Path work = Files.createDirectories(home.directory().resolve("etcd"));
        Path archive = new EtcdArchive(pack, work).make();
        return new ArtifactCache(
                        home.directory().resolve("artifacts"),
                        MOST_ARTIFACTS,
                        Destinations.INTERNET)
                .add(archive);
    }

    /// Election timeouts fit for machines that are emulated, several on one processor.
    private String cluster(String digest) throws IOException {
        String port = Files.readString(home.directory().resolve("boot-port")).strip();
        return """
        kind: Cluster
        name: %s
        workflow: etcd-cluster
        groups:
          members:
            count: 3
            provider: qemu
            machine: {memory: 768M}
        bind: {etcd/package: etcd/from-archive}
        with:
          archive_url: http://%s:%s/sha256/%s
          archive_sha256: %s
          heartbeat_interval: 500           # milliseconds; the machines are emulated
          election_timeout: 5000
        """
                .formatted(CLUSTER, HOST, port, digest, digest);
    }

    private int form(Path file) throws InterruptedException {
        EngineClient client = session.client();
        List<String> packs = new PackOptions().upload(session, Optional.of(file));
        ClusterFile cluster = ClusterFile.read(file.toString(), file);
        session.say("");
        if (!new EarlierRun(session).over(CLUSTER)) {
            return ExitCode.WAITS;
        }
        int exitCode = apply(PlanRequests.apply(cluster, packs, true));
        if (exitCode != ExitCode.OK) {
            return exitCode;
        }
        List<ClusterDocument.Member> members = client.cluster(CLUSTER).members();
        String first = members.getFirst().name();
        String last = members.getLast().name();
        String value = "hello from " + session.clock().instant().truncatedTo(ChronoUnit.SECONDS);
        exitCode =
                step(
                        packs,
                        "etcd/put",
                        first,
                        Map.of("key", Value.of(KEY), "value", Value.of(value)));
        if (exitCode == ExitCode.OK) {
            exitCode =
                    step(
                            packs,
                            "etcd/get",
                            last,
                            Map.of("key", Value.of(KEY), "expect", Value.of(value)));
        }
        if (exitCode == ExitCode.OK) {
            session.print("");
            session.print(
                    "Wrote %s = %s to %s, and read it from %s."
                            .formatted(KEY, session.style().bold(value), first, last));
            lookAround(file, first);
        }
        return exitCode;
    }

    private int step(List<String> packs, String module, String machine, Map<String, Value> with)
            throws InterruptedException {
        return apply(PlanRequests.module(module, packs, List.of(machine), Optional.empty(), with));
    }

    private int apply(Value.Struct request) {
        return new Application(session)
                .apply(session.client().makePlan(request), ApplyOptions.approved())
                .exitCode();
    }

    private void lookAround(Path file, String machine) {
        String program = session.program() + " --data-dir " + home.directory();
        session.print("");
        session.print("Look around:");
        for (String command : List.of("status " + CLUSTER, "machines " + machine, "logs latest")) {
            session.print("  " + program + " " + command);
        }
        session.print(
                "Kill a QEMU process, which is a power cut; then see what is lost, and mend it:");
        session.print("  " + program + " plan " + file);
        session.print("  " + program + " apply " + file);
        session.print("Remove all of it:");
        session.print("  " + session.program() + " demo --metal --down");
        session.out().flush();
    }
}
