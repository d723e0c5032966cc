package dev.formwork.cli.moduletest;

import dev.formwork.cli.client.EngineClient;
import dev.formwork.cli.client.LogPart;
import dev.formwork.cli.client.PlanDocument;
import dev.formwork.cli.client.Run;
import dev.formwork.cli.client.RunNode;
import dev.formwork.cli.plan.ClusterFile;
import dev.formwork.cli.plan.PlanRequests;
import dev.formwork.cli.watch.RunEnd;
import dev.formwork.model.ProblemException;
import dev.formwork.model.module.ModuleTest;
import dev.formwork.model.module.ModuleTest.Expected;
import dev.formwork.model.value.Value;
import dev.formwork.model.value.ValueJson;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Runs a task on machines of its own and holds what came of it against what the test expects.
final class TaskCheck {
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private final ThrowawayEngine engine;
    private final EngineClient client;
    private final Clock clock;

    TaskCheck(ThrowawayEngine engine, Clock clock) {
        this.engine = engine;
        this.client = engine.client();
        this.clock = clock;
    }

    /// What is not as expected, and the log for a person to look at.
    record Outcome(List<String> failures, String log) {}

    /// @param number of the test, so that nothing is shared with others
    Outcome check(TestedModule tested, ModuleTest test, int number) throws InterruptedException {
        TestCluster cluster = new TestCluster(tested.module(), test);
        Expected expected = test.expect();
        Path folder = engine.folder("outputs-" + number);
        Optional<Path> outputs =
                expected.outputs().isEmpty() ? Optional.empty() : Optional.of(folder);
        String pack = client.upload(cluster.pack(outputs));
        ClusterFile file = new ClusterFile(test.file(), Path.of(test.file()), cluster.yaml(false));
        Run run = run(client.makePlan(PlanRequests.apply(file, List.of(pack), false)));
        try {
            return judge(cluster, expected, run, folder);
        } finally {
            if (!run.ended()) {
                client.cancel(run.id(), false);
                RunEnd.await(client, run.id(), PATIENCE, clock);
            }
            run(client.makePlan(PlanRequests.destroy(TestCluster.NAME, false)));
        }
    }

    private Run run(PlanDocument plan) throws InterruptedException {
        client.approvePlan(plan.digest());
        return RunEnd.await(client, client.startRun(plan.digest(), Map.of()).id(), PATIENCE, clock);
    }

    private Outcome judge(TestCluster cluster, Expected expected, Run run, Path folder) {
        List<String> failures = new ArrayList<>();
        List<RunNode> nodes =
                client.nodes(run.id()).stream()
                        .filter(node -> node.step().equals(cluster.step()))
                        .toList();
        ByteArrayOutputStream logs = new ByteArrayOutputStream();
        for (RunNode node : nodes) {
            if (node.job().isPresent()) {
                logs.writeBytes(log(run.id(), node.key()));
            }
            expected.outcome()
                    .map(outcome -> outcome.name().toLowerCase(Locale.ROOT))
                    .filter(outcome -> !outcome.equals(node.state()))
                    .ifPresent(outcome ->
                            failures.add(
                                    "outcome: expected %s, got: %s%s"
                                            .formatted(
                                                    outcome,
                                                    node.state(),
                                                    node.reason().isEmpty()
                                                            ? ""
                                                            : ", " + node.reason())));
        }
        if (nodes.isEmpty()) {
            failures.add("the task did not run: " + run.reason());
        }
        String log = logs.toString(StandardCharsets.UTF_8);
        expected.log()
                .flatMap(match -> Matches.against("log", match, Value.of(log)))
                .ifPresent(failures::add);
        if (!expected.outputs().isEmpty()) {
            outputs(expected, folder, failures);
        }
        return new Outcome(failures, log);
    }

    private static void outputs(Expected expected, Path folder, List<String> failures) {
        Map<String, Value> found;
        try {
            Value json = ValueJson.read(Files.readString(folder.resolve("outputs.json")));
            found =
                    json instanceof Value.Struct(Map<String, Value> inputs)
                                    && inputs.get("values")
                                            instanceof Value.Struct(Map<String, Value> values)
                            ? values
                            : Map.of();
        } catch (IOException | ProblemException _) {
            failures.add("outputs: the task left none");
            return;
        }
        expected.outputs()
                .forEach((name, match) -> {
                    Value value = found.getOrDefault(name, Value.nil());
                    Matches.against("output " + name, match, value).ifPresent(failures::add);
                });
    }

    private byte[] log(String run, String node) {
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        LogPart part = client.log(run, node, 0, Duration.ZERO);
        log.writeBytes(part.bytes());
        while (!part.complete() && part.bytes().length > 0) {
            part = client.log(run, node, part.next(), Duration.ZERO);
            log.writeBytes(part.bytes());
        }
        return log.toByteArray();
    }
}
