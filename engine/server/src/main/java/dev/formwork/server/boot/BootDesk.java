package dev.formwork.server.boot;

import dev.formwork.model.MachineId;
import dev.formwork.model.Names;
import dev.formwork.model.ProblemException;
import dev.formwork.model.boot.Strangers;
import dev.formwork.model.hardware.Card;
import dev.formwork.model.hardware.Hardware;
import dev.formwork.model.module.Download;
import dev.formwork.model.value.Value;
import dev.formwork.server.loop.EngineLoop;
import dev.formwork.server.module.PackStore;
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
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Says what a machine boots, and has the core give out tokens. Thread-safe.
public final class BootDesk {
    private static final Logger LOG = LoggerFactory.getLogger(BootDesk.class);

    private static final String LOOP = "boot.loop";

    private final Store store;
    private final EngineLoop loop;
    private final BootPolicy policy;
    private final Supplier<MachineDoor> door;
    private final Clock clock;
    private final BootEnvironments environments;
    private final Loops loops = new Loops();
    private final Refusals refusals = new Refusals();

    public BootDesk(
            Store store,
            EngineLoop loop,
            PackStore packs,
            BootPolicy policy,
            Supplier<MachineDoor> door,
            Clock clock) {
        this.environments = new BootEnvironments(packs);
        this.store = store;
        this.loop = loop;
        this.policy = policy;
        this.door = door;
        this.clock = clock;
    }

    /// `BootDecision` of the API.
    ///
    /// @param boot `container-os`, `environment`, `local-disk` or `nothing`
    /// @param environment of `environment`
    /// @param code and reason, of `nothing`
    record Decision(
            String boot,
            Optional<String> machine,
            Optional<MadeEnvironment> environment,
            Optional<String> code,
            Optional<String> reason) {
        static Decision of(String boot, Optional<String> machine) {
            return new Decision(
                    boot, machine, Optional.empty(), Optional.empty(), Optional.empty());
        }

        static Decision of(MadeEnvironment environment, Optional<String> machine) {
            return new Decision(
                    "environment",
                    machine,
                    Optional.of(environment),
                    Optional.empty(),
                    Optional.empty());
        }

        static Decision nothing(String code, String reason, Optional<String> machine) {
            return new Decision(
                    "nothing", machine, Optional.empty(), Optional.of(code), Optional.of(reason));
        }
    }

    /// A boot environment, made for a machine: `BootEnvironment` of the API.
    ///
    /// @param arguments of the kernel's command line
    record MadeEnvironment(
            String name, Download kernel, List<Download> initrds, List<String> arguments) {
        MadeEnvironment {
            initrds = List.copyOf(initrds);
            arguments = List.copyOf(arguments);
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

    /// @param server where the machine has reached its boot server: host and port
    Decision decide(Hardware hardware, String server) {
        Decision decision =
                switch (recognise(hardware)) {
                    case Recognition.Known<Machine>(Machine machine, _) -> known(machine, server);
                    case Recognition.Unclear<Machine>(String reason) ->
                            Decision.nothing(
                                    "boot.unclear-machine",
                                    "it is not clear which machine this is: " + reason,
                                    Optional.empty());
                    case Recognition.Unknown<Machine> _ ->
                            policy.strangers() == Strangers.REFUSE || hardware.equals(Hardware.NONE)
                                    ? Decision.nothing(
                                            "boot.unknown-machine",
                                            "nobody knows this machine",
                                            Optional.empty())
                                    : Decision.of("container-os", Optional.empty());
                };
        if (decision.code().isPresent()) {
            if (!decision.code().get().equals(LOOP)) {
                refusals.note(
                        hardware,
                        decision.code().get() + ": " + decision.reason().orElse(""),
                        clock.instant());
            }
            LOG.info(
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

    private Decision known(Machine machine, String server) {
        Optional<String> name = Optional.of(machine.name());
        return switch (machine.state()) {
            case GONE, REMOVING ->
                    Decision.nothing(
                            "boot.not-wanted",
                            machine.name() + " is being removed, or is gone",
                            name);
            case REQUESTED, BOOTING, HELD, READY, UNREACHABLE -> {
                try {
                    yield wanted(machine, environments.of(machine), server);
                } catch (ProblemException e) {
                    yield Decision.nothing(e.code(), words(e), name);
                }
            }
        };
    }

    private static String words(ProblemException problems) {
        return problems.problems().stream()
                .map(problem -> problem.detail())
                .collect(Collectors.joining("; "));
    }

    private Decision wanted(
            Machine machine, Optional<BootEnvironments.Chosen> chosen, String server) {
        Optional<String> name = Optional.of(machine.name());
        boolean leadsToASystem = chosen.map(it -> it.environment().installs()).orElse(true);
        if (leadsToASystem && hasSystem(machine)) {
            return Decision.of("local-disk", name);
        }
        if (leadsToASystem && !loops.mayBoot(machine.id(), machine.bootId(), clock.instant())) {
            return Decision.nothing(LOOP, loop(machine, chosen.isPresent()), name);
        }
        return chosen.map(it -> Decision.of(it.make(server), name))
                .orElseGet(() -> Decision.of("container-os", name));
    }

    /// @param installs it boots what installs a system
    private String loop(Machine machine, boolean installs) {
        return "%s has booted %d times within %d minutes, and %s%s"
                .formatted(
                        machine.name(),
                        Loops.MOST,
                        Loops.WINDOW.toMinutes(),
                        installs
                                ? "it has never said that its system is installed"
                                : "its agent has never called",
                        refusals.last(machine.boot().hardware(), clock.instant())
                                .map(words -> ". It was last refused with " + words)
                                .orElse(""));
    }

    /// A boot server that is given a decision may still refuse: it has not what the machine is to
    /// boot, or that is for another processor.
    void note(BootReport report) {
        String opening = report.subject() + Decider.BOOTS_NOTHING;
        if (report.detail().startsWith(opening) && !report.code().equals(LOOP)) {
            refusals.note(
                    report.subject(),
                    report.code() + ": " + report.detail().substring(opening.length()),
                    clock.instant());
        }
    }

    /// What keeps a machine from booting, as far as this engine was asked; empty where nothing
    /// does.
    public Optional<String> trouble(String machine) {
        return store.machines().stream()
                .filter(each -> each.name().equals(machine))
                .findFirst()
                .flatMap(each -> {
                    Instant now = clock.instant();
                    return loops.isStopped(each.id(), each.bootId(), now)
                            ? Optional.of(LOOP + ": " + loop(each, installs(each)))
                            : refusals.last(each.boot().hardware(), now);
                });
    }

    private boolean installs(Machine machine) {
        try {
            return environments.of(machine).isPresent();
        } catch (ProblemException _) {
            return false; // What is wrong with it is the reason of its refusal.
        }
    }

    /// A file of the environment that a machine boots, made for it.
    ///
    /// @throws ProblemException `boot.no-such-file`, `machine.unknown`, and where it can't be made
    String file(MachineId machine, String path, String server) {
        Machine found = require(machine);
        return environments
                .of(found)
                .flatMap(chosen -> chosen.file(path, server))
                .orElseThrow(() ->
                        ProblemException.of(
                                "boot.no-such-file",
                                "what "
                                        + found.name()
                                        + " boots has no file "
                                        + Names.abbreviate(path),
                                "`files` of the boot environment names them"));
    }

    /// The machine's system is installed.
    CompletableFuture<Reply.Done> installed(Machine machine) {
        return loop.call(new Input.Installed(machine.id()), Reply.Done.class)
                .whenComplete((_, _) -> LOG.info("{} says that it is installed", machine.name()));
    }

    /// @throws ProblemException `machine.unknown`
    Machine require(MachineId machine) {
        return store.machine(machine)
                .orElseThrow(() ->
                        ProblemException.of("machine.unknown", "there is no such machine", null));
    }

    /// Something of ours has installed it, or its agent has run from a root that stays; and nobody
    /// wants another one.
    private static boolean hasSystem(Machine machine) {
        return switch (machine.boot().disk()) {
            case INSTALLED -> true;
            case WANTED -> false;
            case UNTOUCHED -> keepsItsRoot(machine);
        };
    }

    private static boolean keepsItsRoot(Machine machine) {
        return machine.facts().fields().get("root") instanceof Value.Struct root
                && root.fields().get("persistent") instanceof Value.Bool(boolean persistent)
                && persistent;
    }

    /// @throws ProblemException (by the future) as [Input.ClaimBoot] is refused
    CompletableFuture<Grant> claim(MachineAsked asked, String nonce) {
        Hardware hardware = asked.hardware();
        return loop.call(
                        new Input.ClaimBoot(
                                hardware, Secrets.hash(nonce), asked.description(), policy),
                        Reply.BootGranted.class)
                .whenComplete((granted, failure) -> {
                    if (granted != null) {
                        refusals.forget(hardware);
                    } else if (failure instanceof CompletionException wrapped
                            && wrapped.getCause() instanceof ProblemException refused
                            && !refused.code().equals("boot.asking")) {
                        refusals.note(
                                hardware, refused.code() + ": " + words(refused), clock.instant());
                    }
                })
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
