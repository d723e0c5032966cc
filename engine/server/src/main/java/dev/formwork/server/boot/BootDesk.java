package dev.formwork.server.boot;

import dev.formwork.model.ProblemException;
import dev.formwork.model.boot.Strangers;
import dev.formwork.model.hardware.Card;
import dev.formwork.model.hardware.Hardware;
import dev.formwork.model.value.Value;
import dev.formwork.server.loop.EngineLoop;
import dev.formwork.workflow.engine.BootPolicy;
import dev.formwork.workflow.engine.Input;
import dev.formwork.workflow.engine.Reply;
import dev.formwork.workflow.engine.Secrets;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.Recognition;
import dev.formwork.workflow.shard.Shard;
import dev.formwork.workflow.store.Store;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/// Says what a machine boots, and has the core give out tokens. Thread-safe.
public final class BootDesk {
    private static final Logger LOG = LoggerFactory.getLogger(BootDesk.class);

    private final Store store;
    private final EngineLoop loop;
    private final BootPolicy policy;
    private final Supplier<MachineDoor> door;
    private final Clock clock;
    private final Loops loops = new Loops();

    public BootDesk(
            Store store,
            EngineLoop loop,
            BootPolicy policy,
            Supplier<MachineDoor> door,
            Clock clock) {
        this.store = store;
        this.loop = loop;
        this.policy = policy;
        this.door = door;
        this.clock = clock;
    }

    /// `BootDecision` of the API.
    ///
    /// @param boot `container-os`, `local-disk` or `nothing`
    /// @param code and reason, of `nothing`
    record Decision(
            String boot, Optional<String> machine, Optional<String> code, Optional<String> reason) {
        static Decision of(String boot, Optional<String> machine) {
            return new Decision(boot, machine, Optional.empty(), Optional.empty());
        }

        static Decision nothing(String code, String reason, Optional<String> machine) {
            return new Decision("nothing", machine, Optional.of(code), Optional.of(reason));
        }
    }

    /// `BootGrant` of the API.
    ///
    /// @param engines where the machine finds them
    /// @param cards that the machine is to give addresses
    record Grant(
            String machine,
            String name,
            String token,
            List<String> engines,
            Optional<String> certificates,
            List<Card> cards) {
        Grant {
            engines = List.copyOf(engines);
            cards = List.copyOf(cards);
        }

        @Override
        public String toString() {
            return "Grant[" + name + "]";
        }
    }

    private Recognition<Machine> recognise(Hardware hardware) {
        return Recognition.of(
                hardware, store.machines(), machine -> machine.boot().hardware(), Machine::name);
    }

    /// Where a claim is decided: where the machine is, or where those go that nobody knows.
    Shard shard(Hardware hardware) {
        return recognise(hardware) instanceof Recognition.Known<Machine>(Machine machine, _)
                ? Shard.of(machine)
                : Shard.POOL;
    }

    Decision decide(Hardware hardware) {
        Decision decision =
                switch (recognise(hardware)) {
                    case Recognition.Known<Machine>(Machine machine, _) -> known(machine);
                    case Recognition.Unclear<Machine>(String reason) ->
                            Decision.nothing(
                                    "boot.unclear-machine",
                                    "it is not clear which machine this is: " + reason,
                                    Optional.empty());
                    case Recognition.Unknown<Machine> _ ->
                            policy.strangers() == Strangers.REFUSE || hardware.isNone()
                                    ? Decision.nothing(
                                            "boot.unknown-machine",
                                            "nobody knows this machine",
                                            Optional.empty())
                                    : Decision.of("container-os", Optional.empty());
                };
        if (decision.code().isPresent()) {
            LOG.warn(
                    "{} boots nothing, {}: {}",
                    hardware.macs(),
                    decision.code().get(),
                    decision.reason().orElse(""));
        } else {
            LOG.info(
                    "{} ({}) boots {}",
                    decision.machine().orElse("an unknown machine"),
                    hardware.macs(),
                    decision.boot());
        }
        return decision;
    }

    private Decision known(Machine machine) {
        Optional<String> name = Optional.of(machine.name());
        return switch (machine.state()) {
            case GONE, REMOVING ->
                    Decision.nothing(
                            "boot.not-wanted",
                            machine.name() + " is being removed, or is gone",
                            name);
            case REQUESTED, BOOTING, HELD, READY, UNREACHABLE -> {
                if (hasSystem(machine)) {
                    yield Decision.of("local-disk", name);
                }
                yield loops.mayBoot(machine.id(), machine.bootId(), clock.instant())
                        ? Decision.of("container-os", name)
                        : Decision.nothing(
                                "boot.loop",
                                machine.name()
                                        + " has booted "
                                        + Loops.MOST
                                        + " times within "
                                        + Loops.WINDOW.toMinutes()
                                        + " minutes, and its agent has never called",
                                name);
            }
        };
    }

    /// Its agent has run from a root that stays.
    private static boolean hasSystem(Machine machine) {
        return machine.facts().fields().get("root") instanceof Value.Struct root
                && root.fields().get("persistent") instanceof Value.Bool(boolean persistent)
                && persistent;
    }

    /// @throws ProblemException (by the future) as [Input.ClaimBoot] is refused
    CompletableFuture<Grant> claim(MachineAsked asked, String nonce) {
        return loop.call(
                        new Input.ClaimBoot(
                                asked.hardware(), Secrets.hash(nonce), asked.description(), policy),
                        Reply.BootGranted.class)
                .thenApply(reply -> {
                    LOG.info("{} ({}) gets its token", reply.name(), asked.macs());
                    MachineDoor now = door.get();
                    return new Grant(
                            reply.machine().value(),
                            reply.name(),
                            reply.bootToken(),
                            now.engines().stream().map(URI::toString).toList(),
                            Optional.of(now.certificates()).filter(it -> !it.isEmpty()),
                            reply.cards());
                });
    }
}
