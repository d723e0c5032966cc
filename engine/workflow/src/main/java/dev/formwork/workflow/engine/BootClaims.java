package dev.formwork.workflow.engine;

import dev.formwork.model.Problem;
import dev.formwork.model.boot.Strangers;
import dev.formwork.model.hardware.Hardware;
import dev.formwork.workflow.machine.BootClaim;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.NetworkBoot;
import dev.formwork.workflow.machine.Recognition;
import dev.formwork.workflow.run.JobRecord;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Machines that boot from the network and ask for the token to register with. What they say of
/// themselves anybody on the boot network can say; docs/security.md says what that gains.
final class BootClaims {
    /// How many machines that nobody has approved there may be: anybody can make one up.
    private static final int MOST_STRANGERS = 256;

    /// How long an agent that lives may take to call when it is asked to.
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final EngineState engine;
    private final AgentCalls agents;

    BootClaims(EngineState engine, AgentCalls agents) {
        this.engine = engine;
        this.agents = agents;
    }

    Reply claim(Batch batch, Input.ClaimBoot claim) {
        return switch (Recognition.of(
                claim.hardware(),
                engine.fleet.hosts(),
                host -> host.machine.boot().hardware(),
                host -> host.machine.name())) {
            case Recognition.Known<Host>(Host host, _) -> known(batch, host, claim);
            case Recognition.Unclear<Host>(String reason) ->
                    refused(
                            "boot.unclear-machine",
                            "it is not clear which machine this is: " + reason,
                            "`formwork machines` lists what each is recognised by; forget the one"
                                    + " that is wrong");
            case Recognition.Unknown<Host> _ -> stranger(batch, claim);
        };
    }

    private Reply known(Batch batch, Host host, Input.ClaimBoot claim) {
        Machine machine = host.machine;
        switch (machine.state()) {
            case GONE, REMOVING -> {
                return refused(
                        "boot.not-wanted",
                        machine.name() + " is being removed, or is gone",
                        "`formwork machines` shows it");
            }
            case REQUESTED, BOOTING, HELD, READY, UNREACHABLE -> {}
        }
        Optional<BootClaim> before = machine.boot().claim(claim.nonceHash());
        boolean isGranted = before.filter(it -> it.state() == BootClaim.State.GRANTED).isPresent();
        if (isGranted && machine.credentialHash().isPresent()) {
            return refused(
                    "boot.token-used",
                    "this boot of " + machine.name() + " has registered already",
                    "its agent has lost what it registered with: start the machine anew");
        }
        // The answer was lost: the same boot gets another token.
        if (isGranted) {
            return granted(batch, host, claim);
        }
        boolean mayLive =
                machine.state() == Machine.State.READY || machine.state() == Machine.State.HELD;
        if (mayLive && machine.credentialHash().isPresent() && !expectsBoot(host)) {
            Optional<Reply> alive = alive(batch, host);
            if (alive.isPresent()) {
                return alive.get();
            }
        }
        boolean isApproved =
                before.filter(it -> it.state() == BootClaim.State.APPROVED).isPresent();
        if (claim.policy().asks() && machine.boot().admitted() && !isApproved) {
            return held(batch, host, claim);
        }
        return granted(batch, host, claim);
    }

    /// A task has asked for the reboot that this is.
    private static boolean expectsBoot(Host host) {
        return host.jobs.values().stream()
                .anyMatch(job -> job.state() == JobRecord.State.REBOOTING);
    }

    /// Refuses where the machine's agent calls from the boot of before: then this is another
    /// machine that says the same of itself, or this one has been started anew a moment ago. The
    /// agent is asked to call, which tells in seconds.
    private Optional<Reply> alive(Batch batch, Host host) {
        Instant now = batch.now();
        Optional<Instant> asked = host.askedToCall;
        boolean hasCalled = asked.isPresent() && !host.isToCall();
        if (asked.isPresent() && !hasCalled && !asked.get().plus(PATIENCE).isAfter(now)) {
            return Optional.empty();
        }
        if (asked.isEmpty() || hasCalled) {
            host.askedToCall = Optional.of(now);
            batch.effect(new Effect.WakeAgent(host.machine.id()));
        }
        if (hasCalled) {
            batch.bootRefused(host.machine, "its agent still calls");
            return Optional.of(
                    refused(
                            "boot.machine-alive",
                            host.machine.name() + " runs already, and its agent calls",
                            "something else on the boot network has its identity, or this is it:"
                                    + " look at both consoles"));
        }
        return Optional.of(
                refused(
                        "boot.asking",
                        "it is looked whether "
                                + host.machine.name()
                                + " still runs from the boot of before",
                        "that takes some ten seconds; it asks again by itself"));
    }

    private Reply held(Batch batch, Host host, Input.ClaimBoot claim) {
        boolean isNew = host.machine.boot().claim(claim.nonceHash()).isEmpty();
        NetworkBoot next = host.machine.boot().holding(claim.nonceHash(), batch.now());
        engine.fleet.put(batch, host, host.machine.withBoot(next));
        String code = next.claim(claim.nonceHash()).map(BootClaim::code).orElse("");
        if (isNew) {
            batch.bootHeld(host.machine, code);
        }
        return refused(
                "boot.held",
                host.machine.name() + " waits for approval, code " + code,
                "compare the code with the machine's console, then: formwork machine approve "
                        + host.machine.name()
                        + " --code "
                        + code);
    }

    private Reply granted(Batch batch, Host host, Input.ClaimBoot claim) {
        host.askedToCall = Optional.empty();
        Machine machine = host.machine;
        engine.fleet.put(
                batch,
                host,
                machine.withBoot(machine.boot().granting(claim.nonceHash(), batch.now())));
        return new Reply.BootGranted(
                machine.id(),
                machine.name(),
                engine.fleet.freshToken(batch, host),
                machine.boot().cards());
    }

    private Reply stranger(Batch batch, Input.ClaimBoot claim) {
        if (claim.policy().strangers() == Strangers.REFUSE
                || claim.hardware().equals(Hardware.NONE)) {
            return refused(
                    "boot.unknown-machine",
                    "nobody knows a machine with " + words(claim.hardware()),
                    "the boot server's configuration may let unknown machines in, to be approved");
        }
        boolean admitted = claim.policy().strangers() == Strangers.ADMIT;
        long strangers =
                engine.fleet.hosts().stream()
                        .filter(host -> !host.machine.boot().admitted())
                        .count();
        if (!admitted && strangers >= MOST_STRANGERS) {
            return refused(
                    "boot.too-many-strangers",
                    strangers + " machines wait to be approved, and there may be no more",
                    "approve them, or forget them: `formwork machine forget NAME`");
        }
        Machine machine =
                engine.fleet
                        .unmade(engine.parts.identifiers().machine(), name(claim.hardware()))
                        .withBoot(
                                new NetworkBoot(
                                        claim.hardware(),
                                        List.of(),
                                        admitted,
                                        List.of(),
                                        NetworkBoot.Disk.UNTOUCHED))
                        .withFacts(claim.description(), Optional.empty());
        Host host = engine.fleet.admit(machine, batch.now());
        engine.fleet.put(batch, host, machine);
        batch.machineChanged(machine);
        return granted(batch, host, claim);
    }

    /// `node-` and the last half of a card's address, or the end of the UUID or cloud id; with a
    /// number where that is somebody's.
    private String name(Hardware hardware) {
        String digits =
                (hardware.macs().isEmpty()
                                ? hardware.uuid()
                                        .or(hardware::cloudId)
                                        .or(hardware::serial)
                                        .orElse("")
                                : hardware.macs().getFirst())
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^0-9a-z]", "");
        return engine.fleet.unused("node-" + digits.substring(Math.max(0, digits.length() - 6)));
    }

    private static String words(Hardware hardware) {
        if (!hardware.macs().isEmpty()) {
            return "the network card " + hardware.macs().getFirst();
        }
        return hardware.uuid()
                .map(id -> "the UUID " + id)
                .or(() -> hardware.cloudId().map(id -> "the cloud id " + id))
                .orElse("nothing to recognise it by");
    }

    /// A person lets a machine be given work, or a boot of it have its token.
    Reply approve(Batch batch, Input.ApproveMachine approval) {
        List<Host> named = engine.fleet.named(approval.machine());
        if (named.isEmpty()) {
            return Fleet.unknown(approval.machine());
        }
        Host host = named.getLast();
        NetworkBoot boot = host.machine.boot();
        if (!boot.admitted()) {
            return admit(batch, host, approval);
        }
        List<BootClaim> held = boot.held();
        if (held.isEmpty()) {
            return refused(
                    "machine.nothing-to-approve",
                    "nothing of " + approval.machine() + " waits for approval",
                    "`formwork machines` shows what does");
        }
        List<BootClaim> meant =
                held.stream()
                        .filter(claim ->
                                approval.code()
                                        .filter(code -> !claim.code().equals(code))
                                        .isEmpty())
                        .toList();
        if (meant.size() != 1) {
            return refused(
                    "machine.which-boot",
                    meant.isEmpty()
                            ? "no boot of " + approval.machine() + " has that code"
                            : "several boots say that they are " + approval.machine(),
                    "give the code that the machine's own console shows: --code "
                            + held.getFirst().code());
        }
        batch.audit("machine.approved", Optional.empty(), host.machine.name(), approval.by());
        engine.fleet.put(batch, host, host.machine.withBoot(boot.approving(meant.getFirst())));
        return new Reply.Done();
    }

    private Reply admit(Batch batch, Host host, Input.ApproveMachine approval) {
        Optional<String> code =
                host.machine.boot().claims().stream().map(BootClaim::code).findFirst();
        if (approval.code().isPresent() && !approval.code().equals(code)) {
            return refused(
                    "machine.which-boot",
                    "the boot that registered as " + approval.machine() + " has another code",
                    "compare with the machine's console; where that shows another code, somebody"
                            + " else has registered: formwork machine forget "
                            + approval.machine());
        }
        batch.audit("machine.approved", Optional.empty(), host.machine.name(), approval.by());
        Machine admitted = host.machine.withBoot(host.machine.boot().withAdmitted());
        if (admitted.state() != Machine.State.HELD) {
            engine.fleet.put(batch, host, admitted);
            return new Reply.Done();
        }
        engine.fleet.ready(batch, host, admitted);
        agents.reachable(batch, host);
        return new Reply.Done();
    }

    /// An installer says that it has done its work. Once more is harmless.
    Reply installed(Batch batch, Input.Installed done) {
        Host host = engine.fleet.host(done.machine());
        if (host == null) {
            return Fleet.unknown(done.machine().value());
        }
        if (host.machine.boot().disk() != NetworkBoot.Disk.INSTALLED) {
            NetworkBoot next = host.machine.boot().withDisk(NetworkBoot.Disk.INSTALLED);
            engine.fleet.put(batch, host, host.machine.withBoot(next));
            batch.machineInstalled(host.machine);
        }
        return new Reply.Done();
    }

    /// A person wants what is on a machine's disk to be replaced.
    Reply reinstall(Batch batch, Input.Reinstall wish) {
        List<Host> named = engine.fleet.named(wish.machine());
        if (named.isEmpty()) {
            return Fleet.unknown(wish.machine());
        }
        Host host = named.getLast();
        batch.audit("machine.reinstall", Optional.empty(), host.machine.name(), wish.by());
        NetworkBoot next = host.machine.boot().withDisk(NetworkBoot.Disk.WANTED);
        engine.fleet.put(batch, host, host.machine.withBoot(next));
        return new Reply.Done();
    }

    /// A machine that nobody made is no longer known.
    Reply forget(Batch batch, Input.ForgetMachine wish) {
        List<Host> named = engine.fleet.named(wish.machine());
        if (named.isEmpty()) {
            return Fleet.unknown(wish.machine());
        }
        Host host = named.getLast();
        Machine machine = host.machine;
        boolean isUsed =
                machine.placement().isPresent()
                        || machine.provider().isPresent()
                        || machine.isEngine()
                        || !host.jobs.isEmpty()
                        || !host.queue.isEmpty();
        if (isUsed) {
            return refused(
                    "machine.in-use",
                    machine.isEngine()
                            ? "this is the engine's own machine"
                            : machine.placement()
                                    .map(at ->
                                            machine.name()
                                                    + " is a member of cluster "
                                                    + at.cluster())
                                    .orElse(machine.name() + " is in use"),
                    "a plan takes members out of a cluster, and removes what a provider made");
        }
        batch.audit("machine.forgotten", Optional.empty(), machine.name(), wish.by());
        engine.fleet.drop(batch, host);
        return new Reply.Done();
    }

    private static Reply refused(String code, String detail, String hint) {
        return new Reply.Refused(Problem.of(code, detail, hint));
    }
}
