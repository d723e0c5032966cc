package dev.formwork.bench.engine;

import dev.formwork.model.JobId;
import dev.formwork.model.MachineId;
import dev.formwork.model.value.Value;
import dev.formwork.server.loop.EngineLoop;
import dev.formwork.workflow.engine.Credential;
import dev.formwork.workflow.engine.Input;
import dev.formwork.workflow.engine.Outcome;
import dev.formwork.workflow.engine.Reply;
import dev.formwork.workflow.engine.Secrets;
import dev.formwork.workflow.run.JobRecord;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/// Agents without machines: each says to the loop what a real one says over HTTP, and its steps
/// take no time. All on one thread.
public final class SimulatedAgents implements AutoCloseable {
    private static final String BOOT = "b-bench";

    private final EngineLoop loop;
    private final Consumer<Throwable> failed;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().name("simulated-agents").daemon().factory());
    private final List<String> names = new ArrayList<>();
    private final List<String> credentials = new ArrayList<>();
    private final Map<MachineId, Agent> agents = new HashMap<>();

    /// @param failed told when the engine refuses what an agent says
    SimulatedAgents(EngineLoop loop, int count, Consumer<Throwable> failed) {
        this.loop = loop;
        this.failed = failed;
        for (int i = 0; i < count; i++) {
            String name = "machine-" + i;
            names.add(name);
            Agent agent = registered(name);
            agents.put(agent.credential.machine(), agent);
        }
    }

    public List<String> names() {
        return List.copyOf(names);
    }

    /// What the agents of these machines would send over HTTP, in the order of the names.
    public List<String> credentials() {
        return List.copyOf(credentials);
    }

    /// There may be a job for it: its poll, which the engine held, is answered.
    void wake(MachineId machine) {
        Agent agent = agents.get(machine);
        if (agent != null) {
            agent.asksAgain();
        }
    }

    @Override
    public void close() {
        thread.close();
    }

    private Agent registered(String name) {
        Reply.Enrolled enrolled =
                EngineLoop.join(loop.call(new Input.Enrol(name, "bench"), Reply.Enrolled.class));
        String credential = "credential of " + name + " for the benchmark, long enough";
        credentials.add(enrolled.machine() + "." + credential.replace(' ', '-'));
        String hash = Secrets.hash(credential.replace(' ', '-'));
        EngineLoop.join(
                loop.call(
                        new Input.Register(
                                Secrets.hash(enrolled.bootToken()), hash, BOOT, Value.Struct.EMPTY),
                        Reply.Registered.class));
        return new Agent(new Credential(enrolled.machine(), hash));
    }

    private final class Agent {
        private final Credential credential;
        private Optional<JobId> journal = Optional.empty();

        private Agent(Credential credential) {
            this.credential = credential;
        }

        private void asksAgain() {
            listen(
                    loop.call(new Input.Repoll(credential.machine()), Reply.Polled.class),
                    this::take);
        }

        private void take(Reply.Polled answer) {
            for (Reply.Offer offer : answer.jobs()) {
                JobRecord job = offer.job();
                if (!journal.equals(Optional.of(job.id()))) {
                    journal = Optional.of(job.id());
                    run(job);
                }
            }
        }

        /// Says that it started, polls again with the job in its journal, and reports success.
        private void run(JobRecord job) {
            listen(
                    loop.call(
                            new Input.Started(credential, job.id(), job.token(), job.phase()),
                            Reply.Done.class),
                    _ -> listen(loop.call(report(job), Reply.Done.class), _ -> {}));
            listen(
                    loop.call(
                            new Input.Poll(
                                    credential,
                                    BOOT,
                                    Optional.empty(),
                                    List.of(new Input.Running(job.id(), job.token()))),
                            Reply.Polled.class),
                    this::take);
        }

        private Input.Reported report(JobRecord job) {
            return new Input.Reported(
                    credential,
                    job.id(),
                    job.token(),
                    job.phase(),
                    Outcome.SUCCEEDED,
                    GeneratedPlan.OUTPUTS,
                    Optional.of(0),
                    Optional.empty(),
                    Optional.empty(),
                    BOOT);
        }

        private <T> void listen(CompletableFuture<T> answer, Consumer<T> then) {
            var _ =
                    answer.whenCompleteAsync(
                            (reply, failure) -> {
                                if (failure == null) {
                                    then.accept(reply);
                                } else {
                                    failed.accept(failure);
                                }
                            },
                            thread);
        }
    }
}
