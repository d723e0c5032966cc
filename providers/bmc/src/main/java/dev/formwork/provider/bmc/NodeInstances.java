package dev.formwork.provider.bmc;

import dev.formwork.model.ProblemException;
import dev.formwork.model.hardware.Hardware;
import dev.formwork.provider.Instance;
import dev.formwork.provider.InstanceLifecycle;
import dev.formwork.provider.InstanceRef;
import dev.formwork.provider.InstanceRequest;
import dev.formwork.provider.OperationToken;
import dev.formwork.provider.ProviderCode;
import dev.formwork.provider.Settings;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/// Claims nodes for machines and gives them back. The claim is in the store before a node is
/// touched, and goes when the node has been given back. Thread-safe.
///
/// What `find` and `list` say comes from the claims, and no controller is asked: whose a node is
/// does not hang on whether its controller answers.
public final class NodeInstances implements InstanceLifecycle {
    private static final int MOST_TRIES = 50;

    /// So many nodes that do not answer are passed over in one call: each of them may take long.
    private static final int MOST_PASSED_OVER = 5;

    private final BmcPlace place;

    public NodeInstances(BmcPlace place) {
        this.place = place;
    }

    @Override
    public Instance create(OperationToken token, InstanceRequest request) {
        place.begin("create machine " + request.machine());
        List<ManagedNode> nodes =
                place.nodes().choose(Settings.spec(place.provider(), request.spec()));
        Claim claim = claimOne(nodes, token, request);
        if (claim.phase() != Claim.Phase.READY) {
            claim = start(claim);
        }
        place.steps().next("answer");
        return claim.instance();
    }

    /// A claim behind which a node stands that answers and is nobody else's.
    private Claim claimOne(List<ManagedNode> nodes, OperationToken token, InstanceRequest request) {
        Set<String> passedOver = new HashSet<>();
        List<ProblemException> failures = new ArrayList<>();
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            Claims.View view = place.claims().view();
            Optional<Claim> claim =
                    existing(view, token, request)
                            .or(() -> take(view, nodes, passedOver, failures, token, request));
            if (claim.isEmpty()) {
                continue;
            }
            if (claim.get().phase() != Claim.Phase.TAKEN) {
                return claim.get();
            }
            try {
                Optional<Claim> looked = look(claim.get());
                if (looked.isPresent()) {
                    return looked.get();
                }
            } catch (ProblemException failed) {
                place.begin("look for another node");
                place.steps().next("give back a node that will not do");
                place.claims().drop(claim.get());
                passedOver.add(claim.get().node());
                failures.add(failed);
            }
        }
        throw ProviderCode.UNAVAILABLE.problem(
                "the nodes for machine %s change too fast".formatted(request.machine()),
                "ask again");
    }

    private static Optional<Claim> existing(
            Claims.View view, OperationToken token, InstanceRequest request) {
        InstanceRef ref = Claim.ref(request.machine(), token);
        for (Claim claim : view.claims()) {
            if (claim.ref().equals(ref)) {
                if (claim.phase() == Claim.Phase.DELETING) {
                    throw ProviderCode.CONFLICT.problem(
                            "the instance on node %s is being deleted".formatted(claim.node()),
                            "finish its delete");
                }
                return Optional.of(claim);
            }
            if (claim.machine().equals(request.machine().value())) {
                throw ProviderCode.CONFLICT.problem(
                        "machine %s has an instance already, made by token %s"
                                .formatted(claim.machine(), claim.token()),
                        "delete it first");
            }
            if (claim.token().equals(token.value())) {
                throw ProviderCode.CONFLICT.problem(
                        "token %s made machine %s".formatted(token, claim.machine()),
                        "use a new token");
            }
        }
        return Optional.empty();
    }

    /// Empty where somebody else was faster.
    private Optional<Claim> take(
            Claims.View view,
            List<ManagedNode> nodes,
            Set<String> passedOver,
            List<ProblemException> failures,
            OperationToken token,
            InstanceRequest request) {
        List<ManagedNode> free =
                new ArrayList<>(
                        nodes.stream()
                                .filter(each -> !view.nodes().contains(each.name()))
                                .filter(each -> !passedOver.contains(each.name()))
                                .toList());
        if (free.isEmpty() || failures.size() >= MOST_PASSED_OVER) {
            throw nothingFree(nodes.size(), failures, request);
        }
        // Not always the same first: it may be one that never answers.
        Collections.shuffle(free, Random.from(place.random()));
        Claim claim =
                Claim.of(
                        token,
                        request,
                        free.getFirst().name(),
                        place.clock().instant().truncatedTo(ChronoUnit.MILLIS));
        place.steps().next("claim node " + claim.node());
        return place.claims().put(claim) ? Optional.of(claim) : Optional.empty();
    }

    private ProblemException nothingFree(
            int nodes, List<ProblemException> failures, InstanceRequest request) {
        if (failures.isEmpty()) {
            return ProviderCode.QUOTA.problem(
                    "none of %d nodes of provider %s is free for machine %s"
                            .formatted(nodes, place.provider(), request.machine()),
                    "add nodes, delete machines, or choose by another spec");
        }
        ProblemException told =
                failures.stream()
                        .filter(ProviderCode::isTransient)
                        .findFirst()
                        .orElse(failures.getFirst());
        return ProblemException.of(
                told.code(),
                "no node of provider %s will do for machine %s: %s"
                        .formatted(
                                place.provider(),
                                request.machine(),
                                String.join(
                                        "; ",
                                        failures.stream()
                                                .map(each -> each.problems().getFirst().detail())
                                                .toList())),
                told.problems().getFirst().hint());
    }

    /// Looks at a node that is ours now, before anything of it is changed; empty where others
    /// changed the claim meanwhile.
    private Optional<Claim> look(Claim claim) {
        ManagedNode node = place.node(claim);
        boolean _ = node.controller().isOn();
        Hardware hardware = node.node().hardware();
        if (hardware.equals(Hardware.NONE)) {
            hardware = node.controller().hardware();
        }
        if (hardware.equals(Hardware.NONE)) {
            throw BmcCode.UNKNOWN_HARDWARE.problem(
                    "nobody says how node %s is recognised when it boots".formatted(node.name()),
                    "give its macs, its uuid or its serial");
        }
        @Nullable String mark =
                node.controller()
                        .markPlace()
                        .map(where -> Marks.before(where.read(), place.engine(), node))
                        .orElse(null);
        Claim next = claim.preparing(hardware, mark);
        place.steps().next("note what the node is");
        return place.claims().change(claim, next) ? Optional.of(next) : Optional.empty();
    }

    /// Marks the node and starts it from the network. Whoever does it at the same time does no
    /// harm: each command leads to the same end.
    private Claim start(Claim claim) {
        ManagedNode node = place.node(claim);
        place.consoles().listen(claim, node);
        return place.alone(
                node.name(),
                () -> {
                    Optional<Claim> now = place.claims().find(claim.ref());
                    if (now.isPresent() && now.get().phase() == Claim.Phase.READY) {
                        return now.get();
                    }
                    node.controller()
                            .markPlace()
                            .ifPresent(where -> {
                                step(claim, "mark the node");
                                Marks.put(where, place.engine(), node);
                            });
                    step(claim, "set that it boots from the network");
                    node.controller().bootFrom(claim.nextBoot(node.node()));
                    boolean isOn = node.controller().isOn();
                    step(claim, "start the node");
                    if (isOn) {
                        node.controller().reset();
                    } else {
                        node.controller().switchOn();
                    }
                    if (!place.becomes(true, node, place.settings().patience())) {
                        throw ProviderCode.PARTIAL.problem(
                                "node %s does not come on".formatted(node.name()),
                                "see its controller; asked again, it is tried again");
                    }
                    step(claim, "note that it was started");
                    return place.claims()
                            .update(
                                    claim.ref(),
                                    each -> {
                                        requireNotDeleting(each);
                                        return each.in(Claim.Phase.READY);
                                    })
                            .orElseThrow(() -> place.notFound(claim.ref()));
                });
    }

    /// Before each command: is the node still that machine's? Whoever was stopped for long, while
    /// others deleted the machine, gives no more commands.
    private void step(Claim claim, String what) {
        place.steps().next(what);
        requireNotDeleting(place.claim(claim.ref()));
    }

    private static void requireNotDeleting(Claim claim) {
        if (claim.phase() == Claim.Phase.DELETING) {
            throw ProviderCode.CONFLICT.problem(
                    "the instance on node %s is being deleted".formatted(claim.node()),
                    "finish its delete");
        }
    }

    @Override
    public Optional<Instance> find(InstanceRef ref) {
        place.begin("find instance " + ref);
        return place.claims().find(ref).map(Claim::instance);
    }

    @Override
    public List<Instance> list() {
        place.begin("list instances");
        return place.claims().view().claims().stream().map(Claim::instance).toList();
    }

    @Override
    public void delete(OperationToken token, InstanceRef ref) {
        place.begin("delete instance " + ref);
        Optional<Claim> known = place.claims().find(ref);
        if (known.isEmpty()) {
            return;
        }
        place.steps().next("note that the machine is deleted");
        if (known.get().phase() == Claim.Phase.TAKEN && place.claims().drop(known.get())) {
            place.steps().next("answer");
            return;
        }
        Optional<Claim> doomed =
                place.claims().update(ref, claim -> claim.in(Claim.Phase.DELETING));
        if (doomed.isPresent()) {
            String node = doomed.get().node();
            boolean _ =
                    place.alone(
                            node,
                            () -> {
                                place.claims().find(ref).ifPresent(this::giveBack);
                                return true;
                            });
        }
        place.steps().next("answer");
    }

    private void giveBack(Claim claim) {
        // What the configuration does not name is nobody's business any more.
        place.nodes().find(claim.node()).ifPresent(node -> leave(node, claim));
        place.steps().next("give the node back");
        boolean isGone = place.claims().drop(claim);
        if (isGone) {
            forgetConsole(claim);
        }
    }

    private void forgetConsole(Claim claim) {
        try {
            place.consoles().forget(claim.ref());
        } catch (IOException failed) {
            // What is left of it goes when the provider is opened the next time.
        }
    }

    /// Where another engine has given the node back meanwhile, it may be somebody else's by now:
    /// then it gets no command any more.
    private void leave(ManagedNode node, Claim claim) {
        if (node.controller().isOn()) {
            place.steps().next("power off");
            if (isGivenBack(claim)) {
                return;
            }
            node.controller().switchOff();
            if (!place.becomes(false, node, place.settings().patience())) {
                throw ProviderCode.PARTIAL.problem(
                        "node %s does not go off".formatted(node.name()),
                        "see its controller; asked again, it is tried again");
            }
        }
        place.steps().next("take back what it boots from");
        if (isGivenBack(claim)) {
            return;
        }
        node.controller().bootByItself();
        node.controller()
                .markPlace()
                .ifPresent(where -> {
                    place.steps().next("take the mark off the node");
                    if (!isGivenBack(claim)) {
                        Marks.take(where, place.engine(), claim.markBefore());
                    }
                });
    }

    private boolean isGivenBack(Claim claim) {
        return place.claims().find(claim.ref()).isEmpty();
    }
}
