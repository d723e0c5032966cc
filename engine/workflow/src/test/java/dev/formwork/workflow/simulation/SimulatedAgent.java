package dev.formwork.workflow.simulation;

import dev.formwork.model.JobId;
import dev.formwork.model.MachineId;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.engine.Credential;
import dev.formwork.workflow.engine.FakeStep;
import dev.formwork.workflow.engine.Input;
import dev.formwork.workflow.engine.Outcome;
import dev.formwork.workflow.engine.Reply;
import dev.formwork.workflow.engine.Secrets;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.run.JobRecord;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// A machine and the agent on it: a journal that outlives both, processes that outlive the agent,
/// and a network that loses, doubles and delays.
final class SimulatedAgent {
    /// One job in the journal.
    private static final class Entry {
        final JobRecord job;
        final int phase;

        /// How much of its log the engine has.
        int logged;

        /// Empty while it runs.
        Optional<Input.Reported> report = Optional.empty();

        Entry(JobRecord job, int phase) {
            this.job = job;
            this.phase = phase;
        }
    }

    /// What the script of a job writes: every second one is silent.
    static String log(JobRecord job) {
        return job.id().hashCode() % 2 == 0 ? "what a script writes" : "";
    }

    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final Simulation simulation;
    private final MachineId id;
    private final String name;
    private final Map<JobId, Entry> journal = new LinkedHashMap<>();

    /// What is over and acknowledged: an answer that was on its way may offer it once more.
    /// Forgotten with the answer to a poll that was sent later.
    private final Map<JobId, Integer> over = new LinkedHashMap<>();

    /// What runs now, by what was started.
    private final Map<Entry, SimulatedProcess> processes = new LinkedHashMap<>();

    private String credential = "";
    private boolean exists = true;
    private boolean machineUp = true;
    private boolean off;
    private boolean agentUp;
    private int boot;
    private int life;
    private long poll;
    private Instant cutOffUntil = Instant.MIN;

    SimulatedAgent(Simulation simulation, MachineId id, String name) {
        this.simulation = simulation;
        this.id = id;
        this.name = name;
    }

    /// An agent that has registered before.
    void begin(String known) {
        credential = known;
        agentUp = true;
        poll();
    }

    /// A new machine boots.
    void install(String bootToken) {
        machineUp = false;
        simulation.after(
                simulation.between(3_000, 40_000),
                () -> {
                    machineUp = true;
                    boot++;
                    agentUp = true;
                    register(bootToken, life);
                });
    }

    private void register(String bootToken, int mine) {
        if (life != mine || !credential.isEmpty() || !exists) {
            return;
        }
        String made = "credential-of-" + name + "-" + id;
        call(
                new Input.Register(
                        Secrets.hash(bootToken),
                        Secrets.hash(made),
                        bootId(),
                        Value.of(Map.of("hostname", Value.of(name)))),
                mine,
                reply -> {
                    if (reply instanceof Reply.Registered && credential.isEmpty()) {
                        credential = made;
                        poll();
                    }
                });
        tokenAfterCrash = bootToken;
        simulation.after(Duration.ofSeconds(4), () -> register(bootToken, mine));
    }

    private String tokenAfterCrash = "";

    String bootId() {
        return "boot-" + boot;
    }

    boolean runs(NodeKey key) {
        return processes.keySet().stream().anyMatch(entry -> entry.job.key().equals(key));
    }

    Stream<JobRecord> processes() {
        return processes.keySet().stream().map(entry -> entry.job);
    }

    boolean isBusy() {
        return !processes.isEmpty();
    }

    private Credential me() {
        return new Credential(id, Secrets.hash(credential));
    }

    // Talking

    private void call(Input input, int mine, Consumer<Reply> answer) {
        int copies = simulation.happens(simulation.chaos().doubled()) ? 2 : 1;
        for (int i = 0; i < copies; i++) {
            transmit(() ->
                    simulation
                            .engine()
                            .deliver(
                                    input,
                                    reply -> {
                                        Consumer<Reply> back =
                                                it ->
                                                        transmit(() -> {
                                                            if (life == mine && agentUp) {
                                                                answer.accept(it);
                                                            }
                                                        });
                                        if (input instanceof Input.Poll) {
                                            simulation.engine().answer(id, reply, back);
                                        } else {
                                            back.accept(reply);
                                        }
                                    }));
        }
    }

    private void transmit(Runnable arrival) {
        if (simulation.now().isBefore(cutOffUntil)
                || simulation.happens(simulation.chaos().lost())) {
            return;
        }
        boolean late = simulation.happens(simulation.chaos().late());
        simulation.after(
                late ? simulation.between(500, 60_000) : simulation.between(1, 60), arrival);
    }

    private void poll() {
        long number = ++poll;
        int mine = life;
        if (!agentUp || credential.isEmpty()) {
            return;
        }
        List<Input.Running> running =
                journal.values().stream()
                        .map(entry -> new Input.Running(entry.job.id(), entry.job.token()))
                        .toList();
        List<JobId> overBefore = List.copyOf(over.keySet());
        call(
                new Input.Poll(
                        me(),
                        bootId(),
                        Optional.of(new Input.PollNumber("process-" + life, number)),
                        running),
                mine,
                reply -> {
                    if (poll != number) {
                        return;
                    }
                    if (SimulatedEngine.refused(reply, "agent.unauthorized")) {
                        registerAgain();
                    }
                    if (reply instanceof Reply.Polled(var offers, var cancel, _)) {
                        offers.forEach(offer -> take(offer.job()));
                        overBefore.forEach(over::remove);
                        cancel.forEach(order -> end(order.job()));
                        simulation.after(Duration.ofMillis(200), () -> again(number, mine));
                    }
                });
        simulation.after(PATIENCE, () -> again(number, mine));
    }

    /// The engine does not know the credential any more: the token that it was made for is sent
    /// again with it.
    private void registerAgain() {
        if (!tokenAfterCrash.isEmpty()) {
            credential = "";
            register(tokenAfterCrash, life);
        }
    }

    private void again(long number, int mine) {
        if (poll == number && life == mine) {
            poll();
        }
    }

    // Working

    private void take(JobRecord offered) {
        Entry known = journal.get(offered.id());
        if (known != null) {
            tellStarted(known);
            return;
        }
        if (over.getOrDefault(offered.id(), 0) >= offered.phase()) {
            return;
        }
        for (Entry older : List.copyOf(journal.values())) {
            if (older.job.key().equals(offered.key())
                    && older.job.cluster().equals(offered.cluster())) {
                drop(older);
            }
        }
        if (!name.equals(NodeKey.ENGINE) && !simulation.truth().isParallel(offered)) {
            processes()
                    .filter(other -> !simulation.truth().isParallel(other))
                    .forEach(other ->
                            simulation.violated(
                                    offered.key()
                                            + " begins on "
                                            + name
                                            + ", where "
                                            + other.key()
                                            + " runs"));
        }
        Entry entry = new Entry(offered, offered.phase());
        journal.put(offered.id(), entry);
        simulation.truth().begins(offered);
        processes.put(entry, new SimulatedProcess(simulation, offered, bootId()));
        simulation.truth().sharesItsMutex(offered);
        tellStarted(entry);
        Duration length =
                simulation.between(200, simulation.random().nextInt(3) == 0 ? 50_000 : 4_000);
        simulation.after(length.dividedBy(2), () -> process(entry, SimulatedProcess::halfway));
        simulation.after(length, () -> process(entry, it -> ended(entry, it)));
    }

    private void process(Entry entry, Consumer<SimulatedProcess> what) {
        SimulatedProcess process = processes.get(entry);
        if (process != null) {
            what.accept(process);
        }
    }

    private void ended(Entry entry, SimulatedProcess process) {
        processes.remove(entry);
        report(entry, process.outcome(), process.outputs());
    }

    private void tellStarted(Entry entry) {
        if (entry.report.isEmpty()) {
            call(
                    new Input.Started(me(), entry.job.id(), entry.job.token(), entry.phase),
                    life,
                    reply -> dropIfUnwanted(entry, reply));
        }
    }

    private void report(Entry entry, Outcome outcome, Value.Struct outputs) {
        entry.report =
                Optional.of(
                        new Input.Reported(
                                me(),
                                entry.job.id(),
                                entry.job.token(),
                                entry.phase,
                                outcome,
                                outputs,
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                bootId()));
        send(entry, life);
    }

    private void send(Entry entry, int mine) {
        if (life != mine || !agentUp || journal.get(entry.job.id()) != entry) {
            return;
        }
        Input.Reported report = entry.report.orElseThrow();
        if (entry.phase == 1 && entry.logged < log(entry.job).length()) {
            log(entry, mine);
            return;
        }
        call(
                report,
                mine,
                reply -> {
                    if (reply instanceof Reply.Done) {
                        acknowledged(entry, report);
                    } else {
                        dropIfUnwanted(entry, reply);
                    }
                });
        simulation.after(Duration.ofSeconds(3), () -> send(entry, mine));
    }

    /// The whole log comes before the report.
    private void log(Entry entry, int mine) {
        String log = log(entry.job);
        int end = Math.min(log.length(), entry.logged + 7);
        call(
                new Input.LogReceived(
                        me(),
                        entry.job.id(),
                        entry.job.token(),
                        entry.logged,
                        ByteBuffer.wrap(
                                log.substring(entry.logged, end).getBytes(StandardCharsets.UTF_8))),
                mine,
                reply -> {
                    switch (reply) {
                        case Reply.Logged(long next) -> entry.logged = (int) next;
                        case Reply.LogGap(long next) -> entry.logged = (int) next;
                        default -> dropIfUnwanted(entry, reply);
                    }
                });
        simulation.after(Duration.ofMillis(400), () -> send(entry, mine));
    }

    private void acknowledged(Entry entry, Input.Reported report) {
        boolean endedWell =
                report.outcome() == Outcome.SUCCEEDED
                        || report.outcome() == Outcome.HOLDS
                        || report.outcome() == Outcome.POWER_OFF;
        boolean success = endedWell && !report.outputs().equals(FakeStep.NOT_YET);
        simulation.truth().acknowledged(entry.job, success, entry.phase);
        over.put(entry.job.id(), entry.phase);
        boolean down =
                SimulatedProcess.comesBack(report.outcome())
                        || report.outcome() == Outcome.POWER_OFF;
        if (journal.remove(entry.job.id(), entry) && down) {
            goDown(false);
        }
    }

    private void dropIfUnwanted(Entry entry, Reply reply) {
        if (SimulatedEngine.refused(reply, "job.fenced")
                || SimulatedEngine.refused(reply, "job.unknown")) {
            drop(entry);
        }
    }

    private void drop(Entry entry) {
        processes.remove(entry);
        journal.remove(entry.job.id(), entry);
    }

    private void end(JobId job) {
        Entry entry = journal.get(job);
        if (entry != null && processes.remove(entry) != null) {
            report(entry, Outcome.CANCELLED, Value.Struct.EMPTY);
        }
    }

    // Failing

    void partition(Duration length) {
        simulation.trace(() -> name + " is cut off for " + length);
        cutOffUntil = simulation.now().plus(length);
    }

    /// @param whole the machine, and not the agent only
    void crash(boolean whole) {
        if (!machineUp || !exists) {
            return;
        }
        if (whole) {
            boolean forgets = simulation.happens(0.2);
            goDown(forgets);
        } else {
            simulation.trace(() -> "the agent of " + name + " crashes");
            agentUp = false;
            life++;
            simulation.after(simulation.between(500, 20_000), this::restart);
        }
    }

    private void goDown(boolean forgets) {
        simulation.trace(() -> name + " goes down");
        machineUp = false;
        agentUp = false;
        life++;
        processes.clear();
        if (forgets) {
            journal.clear();
            over.clear();
        }
        simulation.after(simulation.between(5_000, 60_000), this::comeUp);
    }

    private void comeUp() {
        if (!off) {
            boot++;
            machineUp = true;
            restart();
        }
    }

    /// Somebody switches the machine on or off, whatever runs on it.
    void power(boolean on) {
        if (on == !off) {
            return;
        }
        simulation.trace(() -> name + " is switched " + (on ? "on" : "off"));
        off = !on;
        if (on) {
            simulation.after(simulation.between(3_000, 40_000), this::comeUp);
        } else {
            machineUp = false;
            agentUp = false;
            life++;
            processes.clear();
        }
    }

    void restart() {
        // A record that was restored may say that the machine is on: somebody sees to that.
        if (off) {
            power(true);
            return;
        }
        if (!machineUp || agentUp || !exists) {
            return;
        }
        simulation.trace(() -> "the agent of " + name + " starts in " + bootId());
        agentUp = true;
        if (credential.isEmpty()) {
            register(tokenAfterCrash, life);
            return;
        }
        for (Entry entry : List.copyOf(journal.values())) {
            if (entry.report.isPresent()) {
                send(entry, life);
            } else if (!processes.containsKey(entry)) {
                report(entry, Outcome.INTERRUPTED, Value.Struct.EMPTY);
            }
        }
        poll();
    }

    void removed() {
        exists = false;
        machineUp = false;
        agentUp = false;
        life++;
        processes.clear();
    }
}
