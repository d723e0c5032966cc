package dev.formwork.workflow.engine;

import dev.formwork.model.RunId;
import dev.formwork.model.pool.PoolSpec;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.Machine.State;
import dev.formwork.workflow.machine.Pooled;
import dev.formwork.workflow.machine.Pooled.Phase;
import dev.formwork.workflow.membership.Member;
import dev.formwork.workflow.run.RunRecord;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What becomes of a machine that comes back to its pool: it is cleaned as the pool says, and is
/// free for the next; or it is dirty, and nobody gets it before a person has looked after it.
final class PoolCleaning {
    private static final Duration LONGEST_BACKOFF = Duration.ofMinutes(2);

    private final EngineState engine;

    PoolCleaning(EngineState engine) {
        this.engine = engine;
    }

    /// A machine is in no cluster any more.
    void giveBack(Batch batch, Host host) {
        Machine machine = host.machine;
        Pooled part = machine.pooled().orElseThrow();
        String own = engine.fleet.unused(part.name());
        engine.fleet.put(
                batch,
                host,
                machine.givenBackAs(own)
                        .withPooled(part.named(own).in(Phase.CLEANING, "it came back")));
        host.maker = Optional.empty();
        host.cleanings = 0;
        clean(batch, host);
    }

    /// Makes a machine ready for the next; once more is harmless.
    void clean(Batch batch, Host host) {
        Machine machine = host.machine;
        Pooled part = machine.pooled().orElseThrow();
        Optional<PoolSpec.Clean> policy = policy(machine, part);
        if (policy.isEmpty()) {
            soil(batch, host, "there is no pool " + part.pool() + " to say how it is cleaned");
            return;
        }
        host.cleanings++;
        switch (policy.get()) {
            case PoolSpec.Clean.Nothing() -> free(batch, host, part.off());
            case PoolSpec.Clean.PowerOff() -> {
                if (machine.provider().isEmpty()) {
                    soil(batch, host, "no provider can switch it off");
                } else {
                    say(batch, host, "it is being switched off");
                    power(batch, host, false);
                }
            }
            case PoolSpec.Clean.Run(String module) when part.off() -> {
                say(batch, host, "it is being switched on, to be cleaned by " + module);
                power(batch, host, true);
            }
            case PoolSpec.Clean.Run(String module) -> {
                String why = "by " + module;
                engine.fleet.put(
                        batch,
                        host,
                        host.machine.withPooled(
                                part.in(Phase.CLEANING, why).cleanedBy(Optional.empty())));
                batch.pooled(host.machine);
                batch.effect(
                        new Effect.CleanMachine(machine.id(), machine.name(), part.pool(), module));
            }
            case PoolSpec.Clean.Delete() -> {
                if (machine.provider().isEmpty()) {
                    soil(batch, host, "no provider can delete it");
                } else {
                    engine.fleet.put(batch, host, host.machine.withState(State.REMOVING));
                    say(batch, host, "it is being deleted");
                    batch.effect(
                            new Effect.RemoveInstance(
                                    machine.id(), machine.provider().get(), machine.instance()));
                }
            }
        }
    }

    /// Has one removed that the pool had made, and that nobody has.
    void delete(Batch batch, Host host) {
        Machine machine = host.machine;
        Pooled part =
                machine.pooled().orElseThrow().in(Phase.CLEANING, "").cleanedBy(Optional.empty());
        engine.fleet.put(
                batch,
                host,
                machine.givenBackAs(machine.name()).withState(State.REMOVING).withPooled(part));
        host.cleanings = 0;
        clean(batch, host);
    }

    /// What is to be done with it. What is half made or half removed can only be removed.
    private Optional<PoolSpec.Clean> policy(Machine machine, Pooled part) {
        boolean unborn = machine.state() == State.REQUESTED || machine.state() == State.BOOTING;
        return machine.state() == State.REMOVING || (part.made() && unborn)
                ? Optional.of(new PoolSpec.Clean.Delete())
                : engine.pools.find(part.pool()).map(pool -> pool.spec().clean());
    }

    /// Takes up the cleaning that was under way when the core was loaded.
    void recover(Batch batch, Host host) {
        Optional<RunId> cleaner = host.machine.pooled().flatMap(Pooled::cleaner);
        // What is being removed is asked for again like any other.
        if (!isCleaning(host) || host.machine.state() == State.REMOVING) {
            return;
        }
        if (cleaner.isEmpty()) {
            clean(batch, host);
        } else if (!engine.runs.containsKey(cleaner.get())) {
            soil(batch, host, "run " + cleaner.get() + " has ended");
        }
    }

    static void power(Batch batch, Host host, boolean on) {
        Machine machine = host.machine;
        batch.effect(
                new Effect.SwitchPower(
                        machine.id(), machine.provider().orElseThrow(), machine.instance(), on));
    }

    private void say(Batch batch, Host host, String why) {
        in(batch, host, Phase.CLEANING, why);
    }

    private void in(Batch batch, Host host, Phase phase, String why) {
        Pooled part = host.machine.pooled().orElseThrow().in(phase, why);
        if (!Optional.of(part).equals(host.machine.pooled())) {
            engine.fleet.put(batch, host, host.machine.withPooled(part));
        }
        batch.pooled(host.machine);
    }

    void free(Batch batch, Host host, boolean off) {
        Pooled part =
                host.machine
                        .pooled()
                        .orElseThrow()
                        .in(Phase.FREE, "")
                        .cleanedBy(Optional.empty())
                        .switched(off);
        engine.fleet.put(batch, host, host.machine.withPooled(part));
        batch.pooled(host.machine);
    }

    /// Nobody gets it before a person has looked after it.
    private void soil(Batch batch, Host host, String why) {
        if (host.machine.state() == State.REMOVING) {
            engine.fleet.put(batch, host, host.machine.withState(State.UNREACHABLE));
        }
        in(batch, host, Phase.DIRTY, why);
    }

    private static boolean isCleaning(Host host) {
        return host.machine.placement().isEmpty()
                && host.machine.pooled().filter(it -> it.phase() == Phase.CLEANING).isPresent();
    }

    /// The provider has switched it.
    void switched(Batch batch, Host host, boolean on) {
        if (!on && isCleaning(host)) {
            engine.fleet.switchedOff(batch, host);
            free(batch, host, true);
        } else if (on && Pooled.isOff(host.machine)) {
            Pooled part = host.machine.pooled().orElseThrow().switched(false);
            engine.fleet.switchedOn(batch, host, host.machine.withPooled(part));
            if (isCleaning(host)) {
                host.cleanings = 0;
                clean(batch, host);
            }
        }
    }

    /// The provider could not clean it.
    void failed(Batch batch, Host host, Input.InstanceFailed answer) {
        if (!isCleaning(host)) {
            engine.poolKeeping.failed(batch, host, answer);
            return;
        }
        EngineSettings settings = engine.parts.settings();
        if (!answer.retryable() || host.cleanings >= settings.providerAttempts()) {
            soil(batch, host, Words.provider(answer));
            return;
        }
        Duration backoff =
                settings.providerBackoff().multipliedBy(1L << Math.max(0, host.cleanings - 1));
        Instant at =
                batch.now()
                        .plus(backoff.compareTo(LONGEST_BACKOFF) > 0 ? LONGEST_BACKOFF : backoff);
        say(batch, host, Words.provider(answer) + "; asked again at " + at);
        engine.timers.set(at, new Timers.Timer.Clean(host.machine.id()));
    }

    /// The time has come to ask the provider again.
    void cleanAgain(Batch batch, @Nullable Host host) {
        if (host != null && isCleaning(host)) {
            clean(batch, host);
        }
    }

    /// Whether a run may begin that cleans a machine: no other one does.
    boolean wantsCleaner(Host host) {
        return isCleaning(host) && host.machine.pooled().flatMap(Pooled::cleaner).isEmpty();
    }

    void cleaning(Batch batch, Host host, RunId run) {
        Pooled part = host.machine.pooled().orElseThrow();
        engine.fleet.put(
                batch,
                host,
                host.machine.withPooled(
                        part.in(Phase.CLEANING, "by run " + run).cleanedBy(Optional.of(run))));
        batch.pooled(host.machine);
    }

    /// A run has ended: perhaps it cleaned a machine. Once it could not, and is tried again.
    void ended(Batch batch, RunRecord run, List<Member> members) {
        for (Member member : members) {
            member.machine()
                    .flatMap(id -> Optional.ofNullable(engine.fleet.host(id)))
                    .filter(host -> isCleanedBy(host, run.id()))
                    .ifPresent(host -> {
                        if (run.state() == RunRecord.State.SUCCEEDED) {
                            free(batch, host, false);
                        } else {
                            soil(batch, host, "run " + run.id() + ": " + run.reason());
                        }
                    });
        }
    }

    private static boolean isCleanedBy(Host host, RunId run) {
        return host.machine.placement().isEmpty()
                && host.machine
                        .pooled()
                        .filter(part -> part.phase() != Phase.FREE)
                        .flatMap(Pooled::cleaner)
                        .filter(run::equals)
                        .isPresent();
    }
}
