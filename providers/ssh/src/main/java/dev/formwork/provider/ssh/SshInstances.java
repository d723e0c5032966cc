package dev.formwork.provider.ssh;

import dev.formwork.model.EngineId;
import dev.formwork.provider.Digests;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.Settings;
import dev.formwork.provider.Steps;
import dev.formwork.provider.ssh.inventory.Host;

import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Takes hosts for machines and gives them back. The mark on the host comes first and goes last, so
/// that whatever a crash leaves is listed. Thread-safe.
///
/// **One token, one host.** A mark is first a claim. Before the agent comes, the claim is
/// confirmed: only when a look at all hosts that count, begun after the claim was there, shows no
/// other one of the same reference. Of two the one on the earlier host stays, and the other is
/// taken back, which a host refuses once it is confirmed. A claim is known by a number of its own,
/// so that one which was taken back and made again is not confirmed on the strength of an old look,
/// and so that one which is seen under two names of a host is one.
final class SshInstances implements InstanceLifecycle {
    private static final int MOST_TRIES = 20;

    private final SshPlace place;
    private final AgentDelivery delivery;
    private final WorkedHosts worked;
    private final Steps steps;
    private final Clock clock;
    private final RandomGenerator random;

    SshInstances(
            SshPlace place,
            AgentDelivery delivery,
            WorkedHosts worked,
            Steps steps,
            Clock clock,
            RandomGenerator random) {
        this.place = place;
        this.delivery = delivery;
        this.worked = worked;
        this.steps = steps;
        this.clock = clock;
        this.random = random;
    }

    @Override
    public Instance create(OperationToken token, InstanceRequest request) {
        place.begin("create machine " + request.machine());
        String ref = HostRef.mark(request.machine(), token);
        List<Host> hosts =
                place.inventory().choose(Settings.spec(place.provider(), request.spec())).stream()
                        .sorted(order(ref))
                        .toList();
        if (hosts.isEmpty() || !hosts.stream().allMatch(Host::agentless)) {
            delivery.requireEngineUrl();
        }
        HostState taken = take(hosts, token, request);
        Mark mark = place.markOf(taken);
        if (taken.host().agentless()) {
            worked.start(taken, mark, request.bootToken());
        } else if (!taken.has("ready")) {
            delivery.start(taken.host(), mark, request.bootToken());
        }
        Instance made = place.states().of(taken.host()).instance(mark);
        steps.next("answer");
        return made;
    }

    /// Differs from machine to machine, so that they do not all try the same host first; the same
    /// for all who ask for one machine.
    private static Comparator<Host> order(String ref) {
        return Comparator.comparing((Host host) -> Digests.hex(ref + "/" + host.name()))
                .thenComparing(Host::name);
    }

    /// The host that has the mark, confirmed.
    private HostState take(List<Host> hosts, OperationToken token, InstanceRequest request) {
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            Optional<HostState> taken = tryToTake(hosts, token, request);
            if (taken.isPresent()) {
                return taken.get();
            }
        }
        throw ProviderCode.UNAVAILABLE.problem(
                "the hosts for machine %s change too fast".formatted(request.machine()),
                "ask again");
    }

    /// Empty where others changed something meanwhile: then one has to look again.
    private Optional<HostState> tryToTake(
            List<Host> hosts, OperationToken token, InstanceRequest request) {
        String ref = HostRef.mark(request.machine(), token);
        List<HostState> seen = place.states().of(hosts);
        List<HostState> claims = claims(seen, token, request);
        HostState ours =
                claims.stream()
                        .filter(state -> state.has("confirmed"))
                        .findFirst()
                        .or(() -> claims.stream().findFirst())
                        .orElseGet(() -> claim(seen, token, request));
        Mark mark = place.markOf(ours);
        if (claims.isEmpty() && !mark.host().equals(ours.host().name())) {
            // Another who wishes the same has taken it under another name meanwhile.
            return Optional.empty();
        }
        if (ours.has("confirmed")) {
            takeBackAllBut(mark, claims);
            return Optional.of(ours);
        }
        for (HostState other : claims(place.states().of(hosts), token, request)) {
            boolean isOther = !place.markOf(other).claim().equals(mark.claim());
            if (isOther && giveWay(ref, ours, other)) {
                return Optional.empty();
            }
        }
        steps.next("confirm the claim");
        return place.commands().confirm(ours.host(), mark) ? Optional.of(ours) : Optional.empty();
    }

    /// What was claimed and came to nothing, when the engine died before it took that back.
    private void takeBackAllBut(Mark confirmed, List<HostState> claims) {
        for (HostState other : claims) {
            Mark mark = place.markOf(other);
            if (!mark.claim().equals(confirmed.claim())) {
                steps.next("take back one of two claims");
                place.commands().release(other.host(), mark);
            }
        }
    }

    /// Takes one of two claims back; says whether it was ours.
    private boolean giveWay(String ref, HostState ours, HostState other) {
        boolean otherStays =
                other.has("confirmed") || order(ref).compare(other.host(), ours.host()) < 0;
        steps.next("take back one of two claims");
        if (otherStays) {
            place.commands().release(ours.host(), place.markOf(ours));
            return true;
        }
        return !place.commands().release(other.host(), place.markOf(other));
    }

    /// What is there of this wish already, in the hosts' order.
    private List<HostState> claims(
            List<HostState> seen, OperationToken token, InstanceRequest request) {
        String ref = HostRef.mark(request.machine(), token);
        List<HostState> claims = new ArrayList<>();
        for (HostState state : distinct(seen)) {
            Mark mark = place.markOf(state);
            if (mark.ref().equals(ref)) {
                if (state.has("deleting")) {
                    throw ProviderCode.CONFLICT.problem(
                            "the instance on host %s is being deleted".formatted(state.host()),
                            "finish its delete");
                }
                claims.add(state);
            } else if (mark.machine().equals(request.machine())) {
                throw ProviderCode.CONFLICT.problem(
                        "machine %s has an instance already, made by token %s"
                                .formatted(mark.machine(), mark.token()),
                        "delete it first");
            } else if (mark.token().equals(token)) {
                throw ProviderCode.CONFLICT.problem(
                        "token %s made machine %s".formatted(token, mark.machine()),
                        "use a new token");
            }
        }
        return claims;
    }

    /// Those of this engine, each claim once. Two names may lead to one place in a way that nobody
    /// sees: then the name counts by which it was taken, so that all who ask are told the same.
    private List<HostState> distinct(List<HostState> seen) {
        Map<String, HostState> claims = new LinkedHashMap<>();
        for (HostState state : seen) {
            Mark mark = state.mark();
            if (mark != null && mark.engine().equals(place.engine())) {
                claims.merge(
                        mark.claim(),
                        state,
                        (first, next) -> mark.host().equals(next.host().name()) ? next : first);
            }
        }
        return List.copyOf(claims.values());
    }

    private HostState claim(List<HostState> seen, OperationToken token, InstanceRequest request) {
        EngineId engine = place.engine();
        for (Host free : seen.stream().filter(HostState::isFree).map(HostState::host).toList()) {
            Mark wanted =
                    Mark.of(
                            engine,
                            token,
                            request,
                            "%016x".formatted(random.nextLong()),
                            free.name(),
                            clock.instant().truncatedTo(ChronoUnit.MILLIS));
            steps.next("claim host " + free);
            HostState claimed = place.commands().claim(free, wanted);
            Mark mark = claimed.mark();
            if (mark != null && mark.engine().equals(engine) && mark.ref().equals(wanted.ref())) {
                return claimed;
            }
        }
        throw ProviderCode.QUOTA.problem(
                "none of %d hosts of provider %s is free for machine %s"
                        .formatted(seen.size(), place.provider(), request.machine()),
                "add hosts to its inventory, delete machines, or choose by another spec");
    }

    @Override
    public Optional<Instance> find(InstanceRef ref) {
        place.begin("find instance " + ref);
        return place.find(ref).map(state -> state.instance(place.markOf(state)));
    }

    @Override
    public List<Instance> list() {
        place.begin("list instances");
        return distinct(place.states().of(place.inventory().all())).stream()
                .map(state -> state.instance(place.markOf(state)))
                .toList();
    }

    @Override
    public void delete(OperationToken token, InstanceRef ref) {
        place.begin("delete instance " + ref);
        Optional<HostRef> parsed = HostRef.parse(ref);
        Optional<Host> host = parsed.flatMap(named -> place.inventory().find(named.host()));
        if (host.isPresent()) {
            steps.next("note that the machine is deleted");
            place.commands().doom(host.get(), parsed.get().mark());
            worked.leave(host.get());
            steps.next("end the processes and remove the files");
            place.commands().remove(host.get(), parsed.get().mark());
        }
        steps.next("answer");
    }
}
