package dev.formwork.workflow.engine;

import dev.formwork.model.MachineId;
import dev.formwork.model.Names;
import dev.formwork.model.Problem;
import dev.formwork.model.hardware.CloudId;
import dev.formwork.model.value.Value;
import dev.formwork.workflow.graph.NodeKey;
import dev.formwork.workflow.machine.Machine;
import dev.formwork.workflow.machine.MachineParams;
import dev.formwork.workflow.machine.Pooled;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Pattern;

/// All machines: who they are, which of them call, and how their agents prove it.
final class Fleet {
    /// What may stand for an address: names, IPv4, IPv6 with zone. Facts are hostile data.
    private static final Pattern ADDRESS = Pattern.compile("[0-9A-Za-z.:%_-]{1,255}");

    private final EngineSettings settings;
    private final Identifiers identifiers;
    private final Timers timers;
    private final Map<MachineId, Host> hosts = new LinkedHashMap<>();
    private final Map<String, List<Host>> byName = new HashMap<>();
    private final Map<String, Host> byToken = new HashMap<>();
    private Consumer<Machine> changed = _ -> {};
    private Consumer<String> named = _ -> {};
    private BiConsumer<Batch, Machine> dropped = (_, _) -> {};

    /// The machine of this engine's own agent, if it was said or is known.
    private @Nullable MachineId own;

    Fleet(EngineParts parts, Timers timers) {
        this.settings = parts.settings();
        this.identifiers = parts.identifiers();
        this.timers = timers;
    }

    /// @param withChanges told of each machine that becomes another, or is no more
    /// @param withDrops told of each machine whose record is dropped
    /// @param withNames told of each id that is made up for one that a provider is asked for
    void watched(
            Consumer<Machine> withChanges,
            BiConsumer<Batch, Machine> withDrops,
            Consumer<String> withNames) {
        this.changed = withChanges;
        this.dropped = withDrops;
        this.named = withNames;
    }

    Collection<Host> hosts() {
        return hosts.values();
    }

    @Nullable Host host(MachineId id) {
        return hosts.get(id);
    }

    /// Says which machine is this engine's own.
    void own(MachineId machine) {
        own = machine;
    }

    /// The machine of this engine's own agent: what was said, or the one that is there, or another.
    MachineId ownMachine() {
        if (own == null) {
            own =
                    named(NodeKey.ENGINE).stream()
                            .filter(Host::isEngine)
                            .findFirst()
                            .map(host -> host.machine.id())
                            .orElseGet(identifiers::machine);
        }
        return own;
    }

    /// The one on which steps `on: engine` run that begin here.
    Optional<Host> engine() {
        return Optional.ofNullable(hosts.get(ownMachine()));
    }

    /// Those of a name, oldest first: two while a machine is being replaced.
    List<Host> named(String name) {
        return byName.getOrDefault(name, List.of());
    }

    /// A machine as it is stored, or a new one. One whose agent called when the engine went down
    /// has a whole lease to call again.
    Host admit(Machine machine, Instant now) {
        int slots = machine.isEngine() ? settings.engineJobs() : 1;
        Host host =
                new Host(
                        machine,
                        machine.state() == Machine.State.READY
                                ? now
                                : machine.lastSeen().orElse(now),
                        slots);
        hosts.put(machine.id(), host);
        byName.computeIfAbsent(machine.name(), _ -> new ArrayList<>(1)).add(host);
        machine.bootTokenHash().ifPresent(hash -> byToken.put(hash, host));
        if (machine.state() == Machine.State.READY
                || machine.state() == Machine.State.UNREACHABLE) {
            watch(host, now.plus(settings.lease()));
        }
        return host;
    }

    void put(Batch batch, Host host, Machine machine) {
        Machine before = host.machine;
        become(host, machine);
        batch.machine(machine);
        if (before.state() != machine.state()) {
            batch.machineChanged(machine);
        }
        if (!isSame(before, machine)) {
            changed.accept(machine);
        }
        if (!before.name().equals(machine.name())) {
            changed.accept(before);
        }
    }

    private void become(Host host, Machine machine) {
        String before = host.machine.name();
        host.machine = machine;
        if (!before.equals(machine.name())) {
            unlist(before, host);
            byName.computeIfAbsent(machine.name(), _ -> new ArrayList<>(1)).add(host);
        }
    }

    private void unlist(String name, Host host) {
        byName.computeIfPresent(
                name,
                (_, named) -> {
                    named.remove(host);
                    return named.isEmpty() ? null : named;
                });
    }

    /// The name, with a number where it is somebody's.
    String unused(String base) {
        String name = base;
        for (int i = 2; !named(name).isEmpty(); i++) {
            name = base + "-" + i;
        }
        return name;
    }

    /// Its provider has switched it off: nobody expects its agent to call.
    void switchedOff(Batch batch, Host host) {
        put(batch, host, host.machine.withState(Machine.State.UNREACHABLE));
    }

    /// Its provider has switched it on: its agent has a whole lease to call.
    void switchedOn(Batch batch, Host host, Machine machine) {
        put(batch, host, machine);
        watch(host, batch.now().plus(settings.lease()));
    }

    /// But for when it called last.
    private static boolean isSame(Machine one, Machine other) {
        return one.bootId().equals(other.bootId())
                && one.withContact(Instant.EPOCH, "").equals(other.withContact(Instant.EPOCH, ""));
    }

    /// A machine is as it is said to be.
    void found(Batch batch, Machine machine) {
        Host known = hosts.get(machine.id());
        if (known == null) {
            admit(machine, batch.now());
        } else {
            become(known, machine);
        }
        batch.machine(machine);
    }

    void drop(Batch batch, Host host) {
        Machine machine = host.machine;
        hosts.remove(machine.id());
        unlist(machine.name(), host);
        machine.bootTokenHash().ifPresent(byToken::remove);
        batch.machineDropped(machine);
        changed.accept(machine);
        dropped.accept(batch, machine);
    }

    /// The machine of an agent whose credential is right.
    Optional<Host> authenticated(Credential agent) {
        Host host = hosts.get(agent.machine());
        String hash = host == null ? "" : host.machine.credentialHash().orElse("");
        boolean right = !hash.isEmpty() && Secrets.same(hash, agent.hash());
        return right ? Optional.ofNullable(host) : Optional.empty();
    }

    static Reply unauthorized() {
        return new Reply.Refused(
                Problem.of(
                        "agent.unauthorized",
                        "this is not the credential of a machine",
                        "`formwork machine enrol` lets a machine register anew"));
    }

    /// Whether it is of a token that a machine was given, used or not.
    boolean isBootToken(String hash) {
        return byToken.containsKey(hash);
    }

    Reply register(Batch batch, Input.Register call) {
        Host host = byToken.get(call.bootTokenHash());
        if (host == null) {
            return unauthorized();
        }
        Machine machine = host.machine;
        Optional<String> known = machine.credentialHash();
        if (known.isPresent() && !Secrets.same(known.get(), call.credentialHash())) {
            return new Reply.Refused(
                    Problem.of(
                            "agent.token-used",
                            "the boot token of " + machine.name() + " was used already",
                            "if its agent lost its credential, enrol it again;"
                                    + " if not, somebody else has its token"));
        }
        put(
                batch,
                host,
                known.isPresent() ? machine : machine.withCredential(call.credentialHash()));
        facts(batch, host, call.facts());
        contact(batch, host, call.bootId());
        return new Reply.Registered(machine.id(), machine.name());
    }

    /// The agent has called.
    void contact(Batch batch, Host host, String bootId) {
        Instant now = batch.now();
        Machine machine = host.machine;
        boolean old =
                machine.lastSeen().map(at -> at.plus(settings.lease()).isBefore(now)).orElse(true);
        host.lastSeen = now;
        host.called = Optional.of(now);
        Machine.State state =
                switch (machine.state()) {
                    case BOOTING, UNREACHABLE, READY, HELD ->
                            machine.boot().admitted() ? Machine.State.READY : Machine.State.HELD;
                    case REQUESTED, GONE, REMOVING -> machine.state();
                };
        boolean sameBoot = machine.bootId().equals(Optional.of(bootId));
        if (state != machine.state() || !sameBoot || old) {
            boolean anew = !sameBoot && machine.bootId().isPresent() && machine.losesItsRoot();
            Machine next = machine.withContact(now, bootId).withState(state);
            put(batch, host, anew ? next.bootedAnew() : next);
        }
        if (state != machine.state()) {
            watch(host, now.plus(settings.lease()));
        }
    }

    private void watch(Host host, Instant at) {
        host.leaseEnd = Optional.of(at);
        timers.set(at, new Timers.Timer.Lease(host.machine.id(), at));
    }

    void facts(Batch batch, Host host, Value.Struct facts) {
        Machine machine = host.machine;
        boolean given = machine.provider().isPresent() && machine.address().isPresent();
        Optional<String> address =
                facts.fields().get("address") instanceof Value.Text(String text)
                                && ADDRESS.matcher(text).matches()
                                && !given
                        ? Optional.of(text)
                        : Optional.empty();
        Machine next = named(machine, facts).withFacts(facts, address);
        if (!next.equals(machine)) {
            put(batch, host, next);
        }
    }

    /// A machine that nobody made is recognised by what its cloud calls it, once its agent has said
    /// so. What is known already stays: a disk that was copied to another instance says another.
    private static Machine named(Machine machine, Value.Struct facts) {
        boolean isKnown =
                machine.provider().isPresent()
                        || machine.isEngine()
                        || machine.boot().hardware().cloudId().isPresent();
        return isKnown
                ? machine
                : cloudId(facts)
                        .map(id -> machine.boot().hardware().withCloudId(id))
                        .map(it ->
                                machine.withBoot(
                                        machine.boot().withHardware(it, machine.boot().cards())))
                        .orElse(machine);
    }

    private static Optional<String> cloudId(Value.Struct facts) {
        return facts.fields().get("system") instanceof Value.Struct system
                ? CloudId.ofDmi(
                        text(system, "manufacturer"),
                        text(system, "product"),
                        text(system, "board"),
                        text(system, "uuid"))
                : Optional.empty();
    }

    private static String text(Value.Struct facts, String name) {
        return facts.fields().get(name) instanceof Value.Text(String text) ? text : "";
    }

    /// Looks whether the machine's agent has been silent for too long.
    void lease(Batch batch, Host host) {
        Machine machine = host.machine;
        Instant end = host.lastSeen.plus(settings.lease());
        switch (machine.state()) {
            case READY -> {
                if (end.isAfter(batch.now())) {
                    watch(host, end);
                } else {
                    Optional<String> boot = machine.bootId();
                    Machine seen =
                            boot.isEmpty()
                                    ? machine
                                    : machine.withContact(host.lastSeen, boot.get());
                    put(batch, host, seen.withState(Machine.State.UNREACHABLE));
                    restart(batch, host);
                }
            }
            case UNREACHABLE -> restart(batch, host);
            case REQUESTED, BOOTING, HELD, GONE, REMOVING -> {}
        }
    }

    private void restart(Batch batch, Host host) {
        if (Pooled.isOff(host.machine)) {
            return;
        }
        batch.effect(
                new Effect.RestartAgent(
                        host.machine.id(), host.machine.provider(), host.machine.instance()));
        watch(host, batch.now().plus(settings.lease()));
    }

    Reply enrol(Batch batch, String name) {
        List<Host> known = name.equals(NodeKey.ENGINE) ? engine().stream().toList() : named(name);
        Host host = known.isEmpty() ? null : known.getLast();
        if (host == null && name.equals(NodeKey.ENGINE)) {
            return new Reply.Refused(
                    Problem.of(
                            "engine.elsewhere",
                            "another engine still uses this engine's own agent",
                            "ask again in a moment"));
        }
        if (host == null) {
            host = admit(unmade(identifiers.machine(), name), batch.now());
        }
        return new Reply.Enrolled(host.machine.id(), freshToken(batch, host));
    }

    /// Has the machine register anew, with the token that is returned in plain.
    String freshToken(Batch batch, Host host) {
        String token = identifiers.bootToken();
        host.machine.bootTokenHash().ifPresent(byToken::remove);
        put(batch, host, host.machine.withBootToken(Secrets.hash(token)));
        byToken.put(Secrets.hash(token), host);
        return token;
    }

    /// A machine that was held may be given work.
    void ready(Batch batch, Host host, Machine machine) {
        put(batch, host, machine.withState(Machine.State.READY));
        watch(host, batch.now().plus(settings.lease()));
    }

    static Reply unknown(String machine) {
        return new Reply.Refused(
                Problem.of(
                        "machine.unknown",
                        "there is no machine " + Names.abbreviate(machine),
                        "`formwork machines` lists what there is"));
    }

    Reply setParams(Batch batch, Input.SetParams wanted) {
        List<Host> known = named(wanted.machine());
        if (known.isEmpty()) {
            return unknown(wanted.machine());
        }
        Host host = known.getLast();
        MachineParams now = host.machine.params();
        Map<String, Value> values = new LinkedHashMap<>(now.values().fields());
        values.keySet().removeAll(wanted.unset());
        values.putAll(wanted.set());
        put(
                batch,
                host,
                host.machine.withParams(
                        new MachineParams(
                                Value.of(values), wanted.profiles().orElse(now.profiles()))));
        batch.paramsSet(host.machine, wanted);
        return new Reply.Done();
    }

    /// A machine that no provider makes.
    Machine unmade(MachineId id, String name) {
        return Machine.begun(id, name, Optional.empty(), Optional.empty(), Machine.State.BOOTING);
    }

    /// A machine that a provider is asked for; its boot token is derived from its id.
    Host request(
            Batch batch,
            String name,
            Machine.Placement placement,
            String provider,
            Machine.Origin origin) {
        return request(
                batch, identifiers.machine(), name, Optional.of(placement), provider, origin);
    }

    /// One that is to be in no cluster at first.
    ///
    /// @param name given its id
    Host request(
            Batch batch, Function<MachineId, String> name, String provider, Machine.Origin origin) {
        MachineId id = identifiers.machine();
        return request(batch, id, name.apply(id), Optional.empty(), provider, origin);
    }

    private Host request(
            Batch batch,
            MachineId id,
            String name,
            Optional<Machine.Placement> placement,
            String provider,
            Machine.Origin origin) {
        Machine machine =
                Machine.begun(id, name, placement, Optional.of(provider), Machine.State.REQUESTED)
                        .withOrigin(origin);
        Host host =
                admit(
                        machine.withBootToken(Secrets.hash(identifiers.bootToken(machine.id()))),
                        batch.now());
        named.accept(machine.id().value());
        batch.machine(host.machine);
        batch.machineChanged(host.machine);
        changed.accept(host.machine);
        return host;
    }
}
