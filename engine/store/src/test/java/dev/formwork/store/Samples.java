package dev.formwork.store;

import dev.formwork.model.JobId;
import dev.formwork.model.MachineId;
import dev.formwork.model.RunId;
import dev.formwork.model.hardware.Card;
import dev.formwork.model.hardware.Hardware;
import dev.formwork.model.module.Effect;
import dev.formwork.model.module.FileTree;
import dev.formwork.model.module.LoadedModule;
import dev.formwork.model.module.Script;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.cluster.Cluster;
import dev.formwork.workflow.graph.Action;
import dev.formwork.workflow.graph.Mutex;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.graph.Pinned;
import dev.formwork.workflow.graph.StepResult;
import dev.formwork.workflow.machine.BootClaim;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.MachineParams;
import dev.formwork.workflow.machine.NetworkBoot;
import dev.formwork.workflow.machine.Pooled;
import dev.formwork.workflow.membership.Member;
import dev.formwork.workflow.placement.Choice;
import dev.formwork.workflow.placement.Cost;
import dev.formwork.workflow.placement.Making;
import dev.formwork.workflow.placement.Placing;
import dev.formwork.workflow.plan.Decision;
import dev.formwork.workflow.plan.Plan;
import dev.formwork.workflow.plan.PlannedNode;
import dev.formwork.workflow.pool.Pool;
import dev.formwork.workflow.result.Fingerprint;
import dev.formwork.workflow.run.Epoch;
import dev.formwork.workflow.run.JobRecord;
import dev.formwork.workflow.run.NodeRecord;
import dev.formwork.workflow.run.NodeState;
import dev.formwork.workflow.run.RunRecord;
import dev.formwork.workflow.shard.Shard;
import dev.formwork.workflow.store.Approval;
import dev.formwork.workflow.store.Event;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Records with every field filled, and some with none.
final class Samples {
    static final Instant NOW = Instant.parse("2026-11-21T10:15:30.123456Z");
    static final String SECRET = "correct horse battery staple";
    static final RunId RUN = new RunId("R1");
    static final NodeKey KEY = NodeKey.of("member", "demo-members-0");
    static final LoadedModule.Lock LOCK =
            new LoadedModule.Lock("etcd/member", "1.0.0", "sha256:" + "a".repeat(64));

    static final Value.Struct VALUES =
            Value.of(
                    Map.of(
                            "text", Value.of("ünï\n\0\"'"),
                            "number", Value.of(Long.MAX_VALUE),
                            "real", Value.of(1.0),
                            "flag", Value.of(true),
                            "none", Value.nil(),
                            "$sealed", Value.of("fw1.no.secret"),
                            "$$", Value.of(Map.of("$", Value.of("x"))),
                            "list", Value.of(List.of(Value.of(1), Value.of(Map.of()))),
                            "password", new Value.Secret(Value.of(SECRET)),
                            "deep",
                                    Value.of(
                                            List.of(
                                                    new Value.Secret(
                                                            Value.of(
                                                                    Map.of(
                                                                            "$sealed",
                                                                            Value.of(SECRET))))))));

    private Samples() {}

    static Machine machine(String id) {
        return new Machine(
                new MachineId(id),
                "demo-" + id.toLowerCase(java.util.Locale.ROOT),
                Optional.of(new Machine.Placement("demo", "members", 2, true)),
                Optional.of("local"),
                Optional.of("i-123"),
                Machine.State.READY,
                3,
                Optional.of("10.0.0.1"),
                VALUES,
                Optional.of("boot-1"),
                Optional.of("c".repeat(64)),
                Optional.of("b".repeat(64)),
                Optional.of(NOW),
                new MachineParams(VALUES, List.of("big", "fast")),
                Optional.empty(),
                new NetworkBoot(
                        new Hardware(
                                List.of("52:54:00:00:00:01"),
                                Optional.of("4c4c4544-0042-3010-8051-b2c04f4b5931"),
                                Optional.of("B0Q2KY1"),
                                Optional.of("aws:i-0123456789abcdef0")),
                        List.of(new Card("52:54:00:00:00:02", "10.77.0.5/24")),
                        false,
                        List.of(
                                new BootClaim("a".repeat(64), NOW, BootClaim.State.HELD),
                                new BootClaim("b".repeat(64), NOW, BootClaim.State.APPROVED)),
                        NetworkBoot.Disk.INSTALLED),
                Optional.empty(),
                Optional.of(new Machine.Origin(VALUES, 2)));
    }

    static Machine pooled(String id) {
        return machine(id)
                .withPooled(
                        new Pooled(
                                "metal",
                                true,
                                "metal-1",
                                Pooled.Phase.DIRTY,
                                "it smells",
                                Optional.of(RUN),
                                true,
                                Optional.of(new Pooled.Reservation("demo", Optional.of(NOW)))));
    }

    static Pool pool(String name) {
        return Pool.of(
                "kind: Pool\nname: " + name + "\nwhere: machine.name != ''\nclean: power-off\n",
                new TreeSet<>(Set.of(new MachineId("M1"))));
    }

    static Machine bareMachine(String id) {
        return Machine.begun(
                new MachineId(id),
                "bare",
                Optional.empty(),
                Optional.empty(),
                Machine.State.REQUESTED);
    }

    static Cluster cluster(String name) {
        return new Cluster(
                name,
                new TreeSet<>(Set.of("members", "workers")),
                VALUES,
                "kind: Cluster\nwith: {password: " + SECRET + "}\n");
    }

    static StepResult result(String cluster, NodeKey key) {
        return new StepResult(
                cluster,
                key,
                "M1.3",
                fingerprint(),
                LOCK,
                VALUES,
                VALUES,
                new TreeSet<>(Set.of(KEY, NodeKey.parse("grow[demo-3]@demo-0"))),
                true,
                false,
                RUN);
    }

    static Fingerprint fingerprint() {
        return new Fingerprint("code", new TreeMap<>(Map.of("a", "1", "b", "2")));
    }

    static Plan plan(int nodes) {
        PlannedNode full =
                new PlannedNode(
                        KEY,
                        Action.STEP,
                        Decision.WILL_RUN,
                        "client_port changed",
                        Set.of(Effect.REBOOT, Effect.SERVICE_RESTART),
                        new TreeSet<>(Set.of(NodeKey.parse("all:member"))),
                        new TreeSet<>(Set.of(NodeKey.parse("settled:member"))),
                        Optional.of(LOCK),
                        Optional.of("M1.3"),
                        Optional.of(fingerprint()));
        List<PlannedNode> all = new java.util.ArrayList<>(List.of(full));
        for (int i = 1; i < nodes; i++) {
            all.add(
                    new PlannedNode(
                            NodeKey.of("member", "demo-members-" + i),
                            Action.GATE,
                            Decision.MAY_RUN,
                            "",
                            Set.of(),
                            new TreeSet<>(),
                            new TreeSet<>(),
                            Optional.empty(),
                            Optional.empty(),
                            Optional.empty()));
        }
        return new Plan(
                "demo",
                Plan.Kind.APPLY,
                new Plan.Source(
                        "kind: Cluster\nwith: {password: " + SECRET + "}\n",
                        List.of(LOCK),
                        new TreeMap<>(Map.of("base", "sha256:0")),
                        new Pinned(
                                new TreeMap<>(
                                        Map.of("store.endpoints", new Value.Secret(Value.of(1)))),
                                new TreeMap<>(Map.of("port", Value.of(1))),
                                new TreeMap<>(Map.of("demo-m1", VALUES)))),
                List.of(
                        new Member(
                                "members",
                                0,
                                "demo-members-0",
                                Member.Role.LEAVING,
                                Optional.of(new MachineId("M1")),
                                true,
                                Optional.of("local")),
                        new Member(
                                "members",
                                0,
                                "demo-members-0",
                                Member.Role.JOINING,
                                Optional.empty(),
                                false,
                                Optional.empty())),
                all,
                new TreeSet<>(Set.of(NodeKey.of("old", "demo-members-1"))),
                new Placing(
                        new TreeMap<>(
                                Map.of(
                                        "demo-members-0",
                                        List.of(
                                                new Choice(
                                                        1,
                                                        "aws",
                                                        Optional.of(new BigDecimal("0.0816"))),
                                                new Choice(0, "racks", Optional.empty())))),
                        new TreeMap<>(
                                Map.of(
                                        "demo-members-1",
                                        Optional.of(
                                                new Making(
                                                        "gce",
                                                        VALUES,
                                                        Optional.of(new BigDecimal("0.10")))),
                                        "demo-members-2",
                                        Optional.<Making>empty())),
                        Optional.of(
                                new Cost(
                                        "EUR",
                                        new Cost.Sum(new BigDecimal("0.10"), 1, 0),
                                        new Cost.Sum(new BigDecimal("1000"), 2, 1),
                                        new Cost.Sum(new BigDecimal("0"), 2, 2)))));
    }

    static Approval approval(String digest) {
        return new Approval(digest, "anna", NOW, NOW.plus(Duration.ofHours(1)), Optional.of(RUN));
    }

    static RunRecord run(String id, String cluster, Instant createdAt, RunRecord.State state) {
        return new RunRecord(
                new RunId(id),
                cluster,
                Plan.Kind.APPLY,
                new TreeSet<>(Set.of(Shard.ofCluster(cluster))),
                "sha256:plan-" + id,
                state,
                "anna",
                new RunRecord.Terms(-7, Optional.of(Duration.ofMillis(90_001))),
                !state.ended(),
                Optional.of(createdAt.plusMillis(90_001)),
                state == RunRecord.State.FAILED ? "it failed" : "",
                Optional.of("run.timeout"),
                createdAt,
                state.ended() ? Optional.of(createdAt.plusSeconds(5)) : Optional.empty(),
                new Epoch(2));
    }

    static NodeRecord node(RunId run, NodeKey key) {
        return new NodeRecord(
                run,
                key,
                NodeState.WAITING,
                2,
                3,
                1,
                Long.MAX_VALUE,
                Optional.of(new JobId("J1")),
                "waits for ".repeat(1_000),
                Optional.of("step.timeout"),
                Optional.of(NodeRecord.Question.DID_IT_HAPPEN),
                Optional.of(NOW),
                Optional.of(new NodeRecord.Place(NOW, Optional.of(new Mutex("db", 3)))),
                Optional.of(NOW),
                Optional.of(NOW));
    }

    static JobRecord job(String id, RunId run, Instant createdAt, JobRecord.State state) {
        return new JobRecord(
                new JobId(id),
                run,
                "demo",
                KEY,
                new MachineId("M1"),
                7,
                1,
                2,
                JobRecord.Mode.CHECK_THEN_RUN,
                LOCK,
                "shell",
                Optional.of(new Script.FromFile("scripts/start.sh")),
                Optional.of(new Script.Inline("exit 0\n")),
                VALUES,
                Duration.ofMillis(90_500),
                state,
                createdAt,
                state == JobRecord.State.OFFERED ? Optional.empty() : Optional.of(NOW));
    }

    static Event event(String subject) {
        return new Event(
                0,
                NOW,
                "node.changed",
                Optional.of(RUN),
                subject,
                Value.of(Map.of("state", Value.of("running"), "$sealed", Value.of("no"))));
    }

    static FileTree files() {
        return new FileTree(
                Map.of(
                        "module.yaml",
                        "kind: Task\n".getBytes(StandardCharsets.UTF_8),
                        "copy.yaml",
                        "kind: Task\n".getBytes(StandardCharsets.UTF_8),
                        "empty",
                        new byte[0],
                        "big",
                        new byte[1_500_000]));
    }
}
